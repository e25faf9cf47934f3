"""Examples of every rule for Colloquial Singapore English: (before, after) where it applies, and texts left alone."""

from tests.dialect_examples_across_varieties import Examples, of_features

EXAMPLES: Examples = {
    **of_features("42 49 55 62 63 78 80 88 123 147 158 170 208 215 216 221 227 228 229"),
    (14, "-self for -selves"): (
        [
            ("They help themselves.", "They help themself."),
            ("We did it ourselves.", "We did it ourself."),
            ("You should ask yourselves why.", "You should ask yourself why."),
            ("people who hurt themselves", "people who hurt themself"),
            ("Ourselves", "Ourself"),
        ],
        [
            "He hurt himself.",
            "yourself",
            "/usr/themselves",
        ],
    ),
    (34, "you all"): (
        [
            ("You guys know it.", "You all know it."),
            ("I will help all of you.", "I will help you all."),
            ("I hope you guys enjoy it.", "I hope you all enjoy it."),
            ("All of you can come.", "You all can come."),
            ("YOU GUYS", "YOU ALL"),
        ],
        [
            "all of your friends",
            "You know it.",
            "I tell you guys' stories.",
        ],
    ),
    (43, "no I before a verb of thought"): (
        [
            ("I hope this helps.", "Hope this helps."),
            ("I think he is right.", "Think he is right."),
            ("I guess they left.", "Guess they left."),
            ("I wish I could help.", "Wish I could help."),
            ("I hope you like it.", "Hope you like it."),
        ],
        [
            "So I hope this helps.",
            "I think.",
            "I suggest a walk.",
            "I think so?",
            "He and I hope so.",
        ],
    ),
    (43, "no it before a verb"): (
        [
            ("It makes sense.", "Makes sense."),
            ("It takes time.", "Takes time."),
            ("It works well.", "Works well."),
            ("It gives you time to think.", "Gives you time to think."),
            ("It helps a lot.", "Helps a lot."),
        ],
        [
            "I know it makes sense.",
            "It is late.",
            "It has a price.",
            "It makes sense?",
        ],
    ),
    (43, "no you before a modal"): (
        [
            ("You can call him.", "Can call him."),
            ("You should wait.", "Should wait."),
            ("You must try it.", "Must try it."),
            ("You need to rest.", "Need to rest."),
            ("You may go home.", "May go home."),
        ],
        [
            "If you can, call him.",
            "You need help.",
            "You are late.",
            "You can't call him.",
            "You can call him?",
        ],
    ),
    (44, "no dummy subject"): (
        [
            ("It seems that he left.", "Seems that he left."),
            ("It depends on you.", "Depends on you."),
            ("It looks like rain.", "Looks like rain."),
            ("It appears to work.", "Appears to work."),
            ("It sounds like a plan.", "Sounds like a plan."),
        ],
        [
            "I know it seems odd.",
            "He seems tired.",
            "It seems odd?",
        ],
    ),
    (46, "is without a subject"): (
        [
            ("It's a good plan.", "Is a good plan."),
            ("It is the best way.", "Is the best way."),
            ("It's very cold.", "Is very cold."),
            ("It is just a game.", "Is just a game."),
            ("It's your decision.", "Is your decision."),
        ],
        [
            "I know it's a good plan.",
            "Is it a good plan?",
            "It is raining.",
            "It's a good plan?",
        ],
    ),
    (47, "is without a dummy subject"): (
        [
            ("It is important to rest.", "Is important to rest."),
            ("It's hard to say.", "Is hard to say."),
            ("It is very useful to know that.", "Is very useful to know that."),
            ("It's good that you called.", "Is good that you called."),
            ("It is not easy to stop.", "Is not easy to stop."),
        ],
        [
            "I know it is important to rest.",
            "It is important.",
            "It is water for you.",
            "Is it hard to say?",
        ],
    ),
    (57, "no plural of persons after a quantity"): (
        [
            ("Two friends came.", "Two friend came."),
            ("I know many doctors.", "I know many doctor."),
            ("Several young students left.", "Several young student left."),
            ("There are 3 teachers in the school.", "There are 3 teacher in the school."),
            ("for both parents", "for both parent"),
        ],
        [
            "The friends came.",
            "Two children came.",
            "Windows 10 users agree.",
            "Both parents and doctors",
            "Students came.",
            "two friends' cars",
        ],
    ),
    (58, "no plural of things after a quantity"): (
        [
            ("I have two cars.", "I have two car."),
            ("It takes many years.", "It takes many year."),
            ("Wait for 10 minutes.", "Wait for 10 minute."),
            ("There are several good ways.", "There are several good way."),
            ("These three steps help.", "These three step help."),
        ],
        [
            "I have cars.",
            "The year 2019 cars",
            "Chapter 3 rules apply.",
            "two scissors",
            "many people",
            "It is two weeks' notice.",
        ],
    ),
    (109, "already for the perfect"): (
        [
            ("I have eaten it.", "I ate it already."),
            ("She has seen the film.", "She saw the film already."),
            ("They've already left.", "They left already."),
            ("You have found your key, so go.", "You found your key already, so go."),
            ("We have just sold a car.", "We sold a car already."),
        ],
        [
            "Have you eaten it?",
            "I have been there.",
            "I have told him that it works.",
            "I ate it.",
        ],
    ),
    (117, "present for the future"): (
        [
            ("I will call you tomorrow.", "I call you tomorrow."),
            ("We'll go there next week.", "We go there next week."),
            ("They will leave later.", "They leave later."),
            ("You'll know soon.", "You know soon."),
            ("I'll write to him tonight.", "I write to him tonight."),
        ],
        [
            "I will call you.",
            "He will call you tomorrow.",
            "Tomorrow I will call you.",
            "The will of tomorrow",
        ],
    ),
    (132, "no past marking beside a time in the past"): (
        [
            ("I called him yesterday.", "I call him yesterday."),
            ("They started two years ago.", "They start two years ago."),
            ("She asked me last week.", "She ask me last week."),
            ("We also visited them last year.", "We also visit them last year."),
            ("He walked home last night.", "He walk home last night."),
        ],
        [
            "I called him.",
            "I have called him yesterday.",
            "He was called yesterday.",
            "He went there yesterday.",
        ],
    ),
    (159, "never for did not"): (
        [
            ("It didn't rain that day.", "It never rain that day."),
            ("He did not call me.", "He never call me."),
            ("They didn't want it.", "They never want it."),
            ("She did not answer.", "She never answer."),
            ("You did not choose this.", "You never choose this."),
        ],
        [
            "Didn't it rain?",
            "He did not eat or drink.",
            "It was not true.",
            "Did he not call?",
            "I do not call.",
        ],
    ),
    (165, "invariant tag"): (
        [
            ("You know it, don't you?", "You know it, is it?"),
            ("She works here, doesn't she?", "She works here, is it?"),
            ("It was good, wasn't it?", "It was good, is it?"),
            ("He can't come, can he?", "He can't come, is it?"),
            ("You are late, right?", "You are late, is it?"),
        ],
        [
            "Don't you know it?",
            "You know it, don't you.",
            "Is it good?",
            "That is right?",
        ],
    ),
    (166, "can or not behind a request"): (
        [
            ("Can you help me?", "Help me, can or not?"),
            ("Could you tell me more about it?", "Tell me more about it, can or not?"),
            ("Can you please wait?", "Please wait, can or not?"),
            ("Can you explain how it works?", "Explain how it works, can or not?"),
            ("Could you show me the way?", "Show me the way, can or not?"),
        ],
        [
            "Can you?",
            "I can help you.",
            "Can he help me?",
            "What can you tell me?",
        ],
    ),
    (166, "can or not behind an offer"): (
        [
            ("Can I help you?", "I help you, can or not?"),
            ("Can we go home?", "We go home, can or not?"),
            ("May I ask why?", "I ask why, can or not?"),
            ("Could we start now?", "We start now, can or not?"),
            ("Can I take one more?", "I take one more, can or not?"),
        ],
        [
            "Can I?",
            "I can help you.",
            "What can I do?",
            "Can he go?",
        ],
    ),
    (174, "no be before a progressive"): (
        [
            ("I'm waiting for you.", "I waiting for you."),
            ("She is working late.", "She working late."),
            ("They're looking for it.", "They looking for it."),
            ("We are leaving now.", "We leaving now."),
            ("if you are thinking about it", "if you thinking about it"),
        ],
        [
            "Is she working late?",
            "He's going home.",
            "He was working.",
            "They are everything.",
            "It is raining.",
        ],
    ),
    (175, "no be before gonna"): (
        [
            ("I'm going to call him.", "I gonna call him."),
            ("We are going to eat.", "We gonna eat."),
            ("They're going to leave.", "They gonna leave."),
            ("She is going to explain it.", "She gonna explain it."),
            ("You're going to enjoy it.", "You gonna enjoy it."),
        ],
        [
            "I'm going to the shop.",
            "He was going to call.",
            "Are you going to call?",
            "The train is going to stop.",
        ],
    ),
    (176, "no be before a noun"): (
        [
            ("He is a teacher.", "He a teacher."),
            ("She's my friend.", "She my friend."),
            ("They are the winners.", "They the winners."),
            ("This is a good plan.", "This a good plan."),
            ("if you are a parent", "if you a parent"),
        ],
        [
            "Is he a teacher?",
            "I know what he is a part of.",
            "He was a teacher.",
            "It is a plan.",
        ],
    ),
    (177, "no be before an adjective"): (
        [
            ("He is ready.", "He ready."),
            ("They're very happy about it.", "They very happy about it."),
            ("if you are sure that it works", "if you sure that it works"),
            ("This is important.", "This important."),
            ("She is so tired, and he is right.", "She so tired, and he is right."),
        ],
        [
            "He is a good man.",
            "I know how happy they are.",
            "He was good.",
            "I'm sorry.",
            "Is he ready?",
        ],
    ),
    (178, "no be before a place"): (
        [
            ("She is at home.", "She at home."),
            ("They're here.", "They here."),
            ("He is in the garden.", "He in the garden."),
            ("We're at work, I think.", "We at work, I think."),
            ("If you are in danger, call.", "If you in danger, call."),
        ],
        [
            "Where she is in the house",
            "He was at home.",
            "Is she at home?",
            "the state she is in",
        ],
    ),
    (179, "no auxiliary have"): (
        [
            ("I have gone there before.", "I gone there before."),
            ("You've made a good choice there.", "You made a good choice there."),
            ("He has never met them before.", "He never met them before."),
            ("They have been here for years.", "They been here for years."),
            ("She has already told him that it works.", "She already told him that it works."),
        ],
        [
            "Have you gone there?",
            "I have a car.",
            "I have to go.",
            "The dog has gone there.",
        ],
    ),
    (205, "got for there is"): (
        [
            ("There is a problem.", "Got a problem."),
            ("There are many ways.", "Got many ways."),
            ("I know that there's no time.", "I know that got no time."),
            ("If there are two of them, wait.", "If got two of them, wait."),
            ("There are people who care.", "Got people who care."),
        ],
        [
            "There is the house.",
            "Is there a problem?",
            "Over there is a house.",
            "There is a problem?",
        ],
    ),
    (208, "no to behind want and need"): (
        [
            ("I want to go.", "I want go."),
            ("She wants to understand it.", "She wants understand it."),
            ("They need to buy bread.", "They need buy bread."),
            ("If you want to win, train.", "If you want win, train."),
            ("He needs to write it.", "He needs write it."),
        ],
        [
            "the need to rest",
            "I want to be here.",
            "I want to sleep.",
            "He went to sleep.",
        ],
    ),
}
