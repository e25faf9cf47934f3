"""Examples of every rule for Indian English: (before, after) where it applies, and texts that it leaves alone."""

EXAMPLES: dict[tuple[int, str], tuple[list[tuple[str, str]], list[str]]] = {
    (43, "no second subject pronoun"): (
        [
            ("If you feel unsafe, you can call a friend.", "If you feel unsafe, can call a friend."),
            (
                "When you reach the station, you should turn left.",
                "When you reach the station, should turn left.",
            ),
            ("Once they arrive, they will need a room.", "Once they arrive, will need a room."),
            ("While we wait, we could play a game.", "While we wait, could play a game."),
            ("As you type, you may see a list.", "As you type, may see a list."),
        ],
        [
            "If you feel unsafe, they can help.",
            "You can call.",
            "If he asks you, you can say no.",
            "If you agree and it works, you can stay.",
            "If you ask, can you help?",
        ],
    ),
    (43, "no second subject pronoun with a contraction"): (
        [
            ("If you wait, you'll see it.", "If you wait, will see it."),
            ("When you’re done, you’ll feel better.", "When you’re done, will feel better."),
            ("Once they leave, they're free.", "Once they leave, are free."),
            ("If we hurry, we'll make it.", "If we hurry, will make it."),
            ("When you move out, you've lost nothing.", "When you move out, have lost nothing."),
        ],
        [
            "You'll see it.",
            "If he waits, you'll see it.",
            "If you wait, he'll come.",
        ],
    ),
    (43, "no I at the beginning"): (
        [
            ("I hope this helps.", "Hope this helps."),
            ("I hope you find one soon.", "Hope you find one soon."),
            ("I guess that works.", "Guess that works."),
            ("I wish you all the best.", "Wish you all the best."),
            ("It is late. I suppose we should go.", "It is late. Suppose we should go."),
        ],
        [
            "And I hope this helps.",
            "I hope to see it.",
            "What can I hope for?",
        ],
    ),
    (44, "no dummy it at the beginning"): (
        [
            ("It seems that nobody knows.", "Seems that nobody knows."),
            ("It sounds like a plan.", "Sounds like a plan."),
            ("It looks like rain.", "Looks like rain."),
            ("It takes two to agree.", "Takes two to agree."),
            ("That is odd. It appears that he left.", "That is odd. Appears that he left."),
        ],
        [
            "He says it seems that way.",
            "It seems.",
            "It contains a list.",
        ],
    ),
    (47, "no it before is"): (
        [
            ("It is important to rest.", "Is important to rest."),
            ("It's best to ask first.", "Is best to ask first."),
            ("It’s not clear if he knows.", "Is not clear if he knows."),
            ("It is very common to forget.", "Is very common to forget."),
            ("Take a break. It's fine to stop.", "Take a break. Is fine to stop."),
        ],
        [
            "He said it is important to rest.",
            "It is important.",
            "It is a good idea to rest.",
            "It was easy to find.",
        ],
    ),
    (45, "as it is"): (
        [
            ("as is the case in most towns", "as it is the case in most towns"),
            ("This was, as is usual, a long talk.", "This was, as it is usual, a long talk."),
            ("As is known, tea grows here.", "As it is known, tea grows here."),
            ("He paid on time, as was expected.", "He paid on time, as it was expected."),
            ("as is common for a first draft", "as it is common for a first draft"),
        ],
        [
            "It stays as is.",
            "as it is known",
            "as is a cat",
        ],
    ),
    (45, "as it is mentioned"): (
        [
            ("as mentioned above", "as it is mentioned above"),
            ("As explained earlier, it is free.", "As it is explained earlier, it is free."),
            ("The rules, as stated before, apply.", "The rules, as it is stated before, apply."),
            ("as described below", "as it is described below"),
            ("As discussed previously, we wait.", "As it is discussed previously, we wait."),
        ],
        [
            "as mentioned",
            "He was as described.",
            "as soon as mentioned",
        ],
    ),
    (45, "make it sure"): (
        [
            ("Make sure to lock it.", "Make it sure to lock it."),
            ("They made sure that it works.", "They made it sure that it works."),
            ("making sure you rest", "making it sure you rest"),
            ("He makes clear that he is late.", "He makes it clear that he is late."),
            ("You can make sure the lid is closed.", "You can make it sure the lid is closed."),
        ],
        [
            "Make sure.",
            "I am not sure that it works.",
            "Make certain things clear.",
        ],
    ),
    (42, "no second object pronoun"): (
        [
            ("Wash it and dry it.", "Wash it and dry."),
            ("Take them and sort them.", "Take them and sort."),
            ("Read it and sign it.", "Read it and sign."),
            ("You can open it and check it.", "You can open it and check."),
            ("Peel them and boil them.", "Peel them and boil."),
        ],
        [
            "Wash it and dry them.",
            "Forget them and let them talk.",
            "Wash it and go.",
            "He knows it and it works.",
        ],
    ),
    (42, "no object pronoun with a verb of giving"): (
        [
            ("Print it, then send it to me.", "Print it, then send to me."),
            ("If you find it, return it to the desk.", "If you find it, return to the desk."),
            ("Write them down and show them to her.", "Write them down and show to her."),
            ("Once it is done, submit it to him.", "Once it is done, submit to him."),
            ("Take it or give it to a friend.", "Take it or give to a friend."),
        ],
        [
            "Send it to me.",
            "Write it down and send them to her.",
            "If you find it, read it.",
        ],
    ),
    (194, "shadow object"): (
        [
            ("These are the tools that you need.", "These are the tools that you need them."),
            ("He sold the book that I wrote.", "He sold the book that I wrote it."),
            ("Here are the files which they sent.", "Here are the files which they sent them."),
            ("It is a plan that we like.", "It is a plan that we like it."),
            ("She kept the letters which he wrote.", "She kept the letters which he wrote them."),
        ],
        [
            "at the time that you need",
            "This is the friend that you trust.",
            "the tools that you need most",
            "the tools that work",
            "He says that you know.",
        ],
    ),
    (198, "no stranded preposition after a relative pronoun"): (
        [
            ("the house that she lives in", "the house that she lives"),
            ("the team which he works with.", "the team which he works."),
            ("It is a form that you apply for.", "It is a form that you apply."),
            ("people who they talk to", "people who they talk"),
            ("the tools that we rely on, or not", "the tools that we rely, or not"),
        ],
        [
            "Which house does she live in?",
            "the house that she lives in now",
            "I know that she lives in",
        ],
    ),
    (198, "no stranded preposition"): (
        [
            ("the house she lives in", "the house she lives"),
            ("the friends you talk to", "the friends you talk"),
            ("It is the bus they wait for.", "It is the bus they wait."),
            ("the values he believes in", "the values he believes"),
            ("the shop they work for", "the shop they work"),
            ("the office you work at, if any", "the office you work, if any"),
        ],
        [
            "the house she lives in now",
            "When you talk to,",
            "the plan she thinks of",
        ],
    ),
    (214, "but yet"): (
        [
            ("It rained, yet we went.", "It rained, but yet we went."),
            ("He is old, yet he runs.", "He is old, but yet he runs."),
            ("It is small, yet the price is high.", "It is small, but yet the price is high."),
            ("They tried, yet nobody came.", "They tried, but yet nobody came."),
            ("She asked, yet there was no answer.", "She asked, but yet there was no answer."),
        ],
        [
            "Not yet.",
            "It is small, yet strong.",
            "He has yet to call.",
        ],
    ),
    (214, "so therefore"): (
        [
            ("It rained, so we stayed.", "It rained, so therefore we stayed."),
            ("He was ill, so he slept.", "He was ill, so therefore he slept."),
            ("It is free, so there is no risk.", "It is free, so therefore there is no risk."),
            ("It was late, so people left.", "It was late, so therefore people left."),
            (
                "The shop is closed, so the bread is gone.",
                "The shop is closed, so therefore the bread is gone.",
            ),
        ],
        [
            "He left so that we could sleep.",
            "Speak up, so they can hear you.",
            "It is so the same.",
            "So we stayed.",
        ],
    ),
    (215, "although and but"): (
        [
            ("Although it rained, we went.", "Although it rained, but we went."),
            ("Although he is old, he runs.", "Although he is old, but he runs."),
            ("Though it is small, the price is high.", "Though it is small, but the price is high."),
            ("Even though they tried, nobody came.", "Even though they tried, but nobody came."),
            ("Although the shop is open, it is empty.", "Although the shop is open, but it is empty."),
        ],
        [
            "We went, although it rained.",
            "Although, as you say, it rained, we went.",
            "Although it rained, and we went.",
            "If it rained, we went.",
        ],
    ),
    (215, "because and so"): (
        [
            ("Because it rained, we stayed.", "Because it rained, so we stayed."),
            ("Since you ask, the answer is no.", "Since you ask, so the answer is no."),
            ("Because he was ill, he slept.", "Because he was ill, so he slept."),
            (
                "Because the shop is closed, there is no bread.",
                "Because the shop is closed, so there is no bread.",
            ),
            ("Since they left, it is quiet.", "Since they left, so it is quiet."),
        ],
        [
            "We stayed because it rained, you know.",
            "Because of the rain, we stayed.",
            "When it rained, we stayed.",
        ],
    ),
    (165, "isn't it after a statement"): (
        [
            ("It helps, doesn't it?", "It helps, isn't it?"),
            ("You know her, don't you?", "You know her, isn't it?"),
            ("They will come, won’t they?", "They will come, isn't it?"),
            ("She was late, wasn't she?", "She was late, isn't it?"),
            ("He can swim, can't he?", "He can swim, isn't it?"),
        ],
        [
            "It is, isn't it?",
            "Don't you?",
            "Why don't you?",
            "But wait, don't they know it?",
        ],
    ),
    (165, "is it after a negated statement"): (
        [
            ("It doesn't help, does it?", "It doesn't help, is it?"),
            ("You have never met, have you?", "You have never met, is it?"),
            ("They won't come, will they?", "They won't come, is it?"),
            ("She was not late, was she?", "She was not late, is it?"),
            ("Nobody can swim here, can they?", "Nobody can swim here, is it?"),
        ],
        [
            "Well, do you?",
            "It isn't, is it?",
            "Do you?",
            "You went, did you go?",
        ],
    ),
    (227, "verb first in an indirect question"): (
        [
            ("I know what it is.", "I know what is it."),
            ("I wonder where she will go.", "I wonder where will she go."),
            ("They wonder why he is late.", "They wonder why is he late."),
            ("Tell me how I can help.", "Tell me how can I help."),
            ("I don't know who they are.", "I don't know who are they."),
        ],
        [
            "What it is, I forget.",
            "I know that it is late.",
            "I know what is new.",
            "I know why it is not here.",
        ],
    ),
    (227, "verb first in an indirect question with a contraction"): (
        [
            ("I know what you're saying.", "I know what are you saying."),
            ("Ask him why they’re late.", "Ask him why are they late."),
            ("I wonder how we're doing.", "I wonder how are we doing."),
            ("Tell me where you're going.", "Tell me where are you going."),
            ("I see what they're up to.", "I see what are they up to."),
        ],
        [
            "What you're saying is true.",
            "I know you're late.",
            "I know that they're late.",
        ],
    ),
    (227, "verb first in an indirect question with a noun"): (
        [
            ("I know where the key is.", "I know where is the key."),
            ("Ask what your name is.", "Ask what is your name."),
            ("Tell me how the weather was.", "Tell me how was the weather."),
            ("I wonder why the door is open.", "I wonder why is the door open."),
            ("They know who the owner is.", "They know who is the owner."),
        ],
        [
            "Where the key is, nobody sits.",
            "I know the key is here.",
            "I know where your keys are.",
        ],
    ),
    (227, "does in an indirect question"): (
        [
            ("I know how it works.", "I know how does it work."),
            ("Ask what it means.", "Ask what does it mean."),
            ("I wonder why he sleeps.", "I wonder why does he sleep."),
            ("Can you explain what this means?", "Can you explain what does this mean?"),
            ("They know where she lives.", "They know where does she live."),
        ],
        [
            "How it works is simple.",
            "I know what he has.",
            "I know that it works.",
        ],
    ),
    (227, "do in an indirect question"): (
        [
            ("I know where they live.", "I know where do they live."),
            ("I wonder why you ask.", "I wonder why do you ask."),
            ("I'm not sure what you mean.", "I'm not sure what do you mean."),
            ("Ask how they work.", "Ask how do they work."),
            ("I understand why we wait.", "I understand why do we wait."),
        ],
        [
            "I know what you want.",
            "Where they live, it rains.",
            "I know you mean well.",
            "Tell her what you think.",
        ],
    ),
    (227, "did in an indirect question"): (
        [
            ("I know where it went.", "I know where did it go."),
            ("I wonder why he left.", "I wonder why did he leave."),
            ("Ask how they slept.", "Ask how did they sleep."),
            ("I'm not sure how you came here.", "I'm not sure how did you come here."),
            ("We know what she wrote.", "We know what did she write."),
        ],
        [
            "Tell her what you saw.",
            "What he wrote was good.",
            "I know he left.",
        ],
    ),
    (228, "subject first in a question"): (
        [
            ("What are you doing?", "What you are doing?"),
            ("Why is it so late?", "Why it is so late?"),
            ("How can I help?", "How I can help?"),
            ("Where will they sleep?", "Where they will sleep?"),
            ("So, what can we do?", "So, what we can do?"),
        ],
        [
            "What is new?",
            "Tell me what are you doing.",
            "What are you?",
        ],
    ),
    (228, "subject first in a short question"): (
        [
            ("What is this?", "What this is?"),
            ("Who is she?", "Who she is?"),
            ("Where are the keys?", "Where the keys are?"),
            ("How was your day?", "How your day was?"),
            ("And what is it?", "And what it is?"),
        ],
        [
            "What is this thing?",
            "What is new?",
            "Who knows what this is?",
        ],
    ),
    (228, "no do in a question"): (
        [
            ("What do you want?", "What you want?"),
            ("Where do they live?", "Where they live?"),
            ("How do I start?", "How I start?"),
            ("Why do we wait?", "Why we wait?"),
            ("How much do you need?", "How much you need?"),
        ],
        [
            "What do you think he.",
            "What do?",
            "Do you want it?",
        ],
    ),
    (228, "no does in a question"): (
        [
            ("What does it mean?", "What it means?"),
            ("Where does he live?", "Where he lives?"),
            ("How does it work?", "How it works?"),
            ("Why does she ask?", "Why she asks?"),
            ("How much does it cost?", "How much it costs?"),
        ],
        [
            "Why doesn't it work?",
            "What does the trick?",
            "Does it work?",
        ],
    ),
    (228, "no did in a question"): (
        [
            ("What did you say?", "What you said?"),
            ("Where did he go?", "Where he went?"),
            ("How did it start?", "How it started?"),
            ("Why did they leave?", "Why they left?"),
            ("Where did she sleep?", "Where she slept?"),
            ("What did they write?", "What they wrote?"),
        ],
        [
            "Why didn't you say it?",
            "What did the trick?",
            "Did it work?",
        ],
    ),
    (229, "subject first in a yes or no question"): (
        [
            ("Can you help?", "You can help?"),
            ("Is it safe to drink?", "It is safe to drink?"),
            ("Are they here?", "They are here?"),
            ("Have you tried it?", "You have tried it?"),
            ("Fine. Would you like some tea?", "Fine. You would like some tea?"),
        ],
        [
            "You can help?",
            "Can you help.",
            "Is there?",
            "Should you need help, would a call be fine?",
        ],
    ),
    (229, "noun first in a yes or no question"): (
        [
            ("Is the door locked?", "The door is locked?"),
            ("Is the kitchen safe?", "The kitchen is safe?"),
            ("Was the doctor happy?", "The doctor was happy?"),
            ("Is this advice useful?", "This advice is useful?"),
            ("Is my order ready?", "My order is ready?"),
            ("Is your kitchen large?", "Your kitchen is large?"),
        ],
        [
            "Is the door?",
            "Is the shop one of yours?",
            "The door is locked?",
        ],
    ),
    (229, "no do"): (
        [
            ("Do you know him?", "You know him?"),
            ("Do they work here?", "They work here?"),
            ("Do I need a form?", "I need a form?"),
            ("Do we have time?", "We have time?"),
            ("Fine. Do you want more?", "Fine. You want more?"),
        ],
        [
            "Do not ask?",
            "Do you?",
            "What do you want?",
        ],
    ),
    (229, "no does"): (
        [
            ("Does he know?", "He knows?"),
            ("Does it work?", "It works?"),
            ("Does she live here?", "She lives here?"),
            ("Does she agree?", "She agrees?"),
            ("Does he ask?", "He asks?"),
        ],
        [
            "Does he?",
            "What does it mean?",
            "Does it.",
        ],
    ),
    (229, "no did"): (
        [
            ("Did he know?", "He knew?"),
            ("Did it work?", "It worked?"),
            ("Did you sleep well?", "You slept well?"),
            ("Did they leave?", "They left?"),
            ("Did she call?", "She called?"),
        ],
        [
            "Did he?",
            "What did it mean?",
            "Did it.",
        ],
    ),
    (89, "progressive with an adverb of frequency"): (
        [
            ("I usually walk.", "I am usually walking."),
            ("They often call us.", "They are often calling us."),
            ("We always lock it.", "We are always locking it."),
            ("you generally pay later", "you are generally paying later"),
            ("because they never ask", "because they are never asking"),
        ],
        [
            "They are often late.",
            "They often have a dog.",
            "They walk.",
        ],
    ),
    (89, "progressive with an adverb of frequency in the third person"): (
        [
            ("He usually walks.", "He is usually walking."),
            ("She often calls us.", "She is often calling us."),
            ("It generally works.", "It is generally working."),
            ("because he never asks", "because he is never asking"),
            ("It sometimes rains.", "It is sometimes raining."),
        ],
        [
            "He is often late.",
            "She often has a dog.",
            "He often called.",
        ],
    ),
    (89, "progressive with an adverb of frequency after a plural noun"): (
        [
            ("Companies often offer discounts.", "Companies are often offering discounts."),
            ("Children usually listen.", "Children are usually listening."),
            ("The tenants always agree.", "The tenants are always agreeing."),
            ("Some doctors rarely ask.", "Some doctors are rarely asking."),
            ("Many people sometimes forget it.", "Many people are sometimes forgetting it."),
        ],
        [
            "Dogs are usually loud.",
            "The company often offers them.",
            "It helps dogs always sleep well.",
        ],
    ),
    (89, "progressive with every day"): (
        [
            ("I walk there every day.", "I am walking there every day."),
            ("They call us every week.", "They are calling us every week."),
            ("We clean the floor every single morning.", "We are cleaning the floor every single morning."),
            ("because you drive to work each day", "because you are driving to work each day"),
            ("They water it every night.", "They are watering it every night."),
        ],
        [
            "Every day, I walk there.",
            "Call us every day.",
            "They have lunch every day.",
        ],
    ),
    (88, "progressive of a stative verb"): (
        [
            ("I understand the rules.", "I am understanding the rules."),
            ("You need a form.", "You are needing a form."),
            ("They really love tea.", "They are really loving tea."),
            ("if you want to stay", "if you are wanting to stay"),
            ("We know her.", "We are knowing her."),
        ],
        [
            "Do you need it?",
            "You can know it.",
            "I walk home.",
            "the need",
        ],
    ),
    (88, "progressive of a stative verb in the third person"): (
        [
            ("It depends on the price.", "It is depending on the price."),
            ("He knows her.", "He is knowing her."),
            ("She still needs time.", "She is still needing time."),
            ("a box that contains tea", "a box that is containing tea"),
            ("It seems late.", "It is seeming late."),
        ],
        [
            "It rains.",
            "Does it need that?",
            "He is known.",
        ],
    ),
    (88, "progressive of a stative verb after a plural noun"): (
        [
            ("Children need sleep.", "Children are needing sleep."),
            ("Many people think so.", "Many people are thinking so."),
            ("The boxes contain tea.", "The boxes are containing tea."),
            ("Some parents prefer it.", "Some parents are preferring it."),
            ("Some kids love walks.", "Some kids are loving walks."),
        ],
        [
            "Help children understand it.",
            "Parents or children need it.",
            "Dogs bark.",
        ],
    ),
    (88, "progressive of have"): (
        [
            ("I have a question.", "I am having a question."),
            ("They have two dogs.", "They are having two dogs."),
            ("If you have any doubts, wait.", "If you are having any doubts, wait."),
            ("We have no time.", "We are having no time."),
            ("because you have your reasons", "because you are having your reasons"),
        ],
        [
            "You have to go.",
            "You have been there.",
            "You can have a dog.",
            "Let them have a dog.",
        ],
    ),
    (88, "progressive of has"): (
        [
            ("He has a dog.", "He is having a dog."),
            ("She has no time.", "She is having no time."),
            ("It has two doors.", "It is having two doors."),
            ("because he has some doubts", "because he is having some doubts"),
            ("She has my keys.", "She is having my keys."),
        ],
        [
            "He has to go.",
            "She has been there.",
            "Has he a dog?",
        ],
    ),
    (100, "perfect with a time that is over"): (
        [
            ("I wrote to him yesterday.", "I have written to him yesterday."),
            ("They moved last year.", "They have moved last year."),
            ("She called two days ago.", "She has called two days ago."),
            ("He wrote it in 1999.", "He has written it in 1999."),
            ("We really liked it last time.", "We have really liked it last time."),
        ],
        [
            "I saw him.",
            "If I went there last year",
            "He was here yesterday.",
            "Yesterday I saw him.",
        ],
    ),
    (101, "present of be with since and for"): (
        [
            ("I have been here since noon.", "I am here since noon."),
            ("We've been friends for years.", "We are friends for years."),
            ("They have been ill for two weeks.", "They are ill for two weeks."),
            ("You’ve been working since Monday.", "You are working since Monday."),
            ("I've been happy for a long time.", "I am happy for a long time."),
        ],
        [
            "I have been there.",
            "I have been ill for this reason.",
            "I had been here since noon.",
        ],
    ),
    (101, "present of be with since and for in the third person"): (
        [
            ("He has been here since noon.", "He is here since noon."),
            ("It's been open for years.", "It is open for years."),
            ("She has been ill for two weeks.", "She is ill for two weeks."),
            ("He’s been working since Monday.", "He is working since Monday."),
            ("It has been closed for a month.", "It is closed for a month."),
        ],
        [
            "It has been there.",
            "He had been here since noon.",
            "He has been asked for help.",
        ],
    ),
    (101, "present of other verbs with since and for"): (
        [
            ("I have known her since school.", "I know her since school."),
            ("We've lived here for years.", "We live here for years."),
            ("They have worked there for two months.", "They work there for two months."),
            ("You've had it for a week.", "You have it for a week."),
            ("I have owned one since 2010.", "I own one since 2010."),
        ],
        [
            "I have known her.",
            "I have seen her since school.",
            "They had lived here for years.",
        ],
    ),
    (113, "no shift of tense in reported speech"): (
        [
            ("He said he would come.", "He said he will come."),
            ("She told me that it was late.", "She told me that it is late."),
            ("I thought you could swim.", "I thought you can swim."),
            ("They promised that they would pay.", "They promised that they will pay."),
            ("He knew we were late.", "He knew we are late."),
        ],
        [
            "He would come.",
            "He said that I would like it.",
            "He thought she would have known.",
            "If he said he would come",
        ],
    ),
    (119, "would of the distant future"): (
        [
            ("I will call you tomorrow.", "I would call you tomorrow."),
            ("It'll be cheaper next year.", "It would be cheaper next year."),
            ("They will thank you later.", "They would thank you later."),
            ("One day you'll know.", "One day you would know."),
            ("We will finish it in two weeks.", "We would finish it in two weeks."),
        ],
        [
            "I will call you now.",
            "Will you call tomorrow?",
            "That will do.",
        ],
    ),
    (119, "would of the distant future after a noun"): (
        [
            ("The train will leave tomorrow.", "The train would leave tomorrow."),
            ("The prices will fall next year.", "The prices would fall next year."),
            ("Children will know it later.", "Children would know it later."),
            ("The tree will bear fruit in a few years.", "The tree would bear fruit in a few years."),
            ("Parents will thank you later.", "Parents would thank you later."),
            ("One day, children will laugh at it.", "One day, children would laugh at it."),
        ],
        [
            "The train will leave.",
            "Will the train leave tomorrow?",
            "a strong will tomorrow",
        ],
    ),
    (147, "was for conditional were"): (
        [
            ("If I were you, I would wait.", "If I was you, I would wait."),
            ("as if it were true", "as if it was true"),
            ("I wish he were here.", "I wish he was here."),
            ("Even if she were rich", "Even if she was rich"),
            ("if only it were so easy", "if only it was so easy"),
        ],
        [
            "They were here.",
            "if you were here",
            "He knew that we were late.",
            "if it were to rain",
        ],
    ),
    (147, "was for conditional were after a noun"): (
        [
            ("If the price were lower, I would buy it.", "If the price was lower, I would buy it."),
            ("as though the house were new", "as though the house was new"),
            ("if my dog were bigger", "if my dog was bigger"),
            ("I wish the room were warm.", "I wish the room was warm."),
            ("if a friend were ill", "if a friend was ill"),
        ],
        [
            "if the dogs were bigger",
            "The price were lower.",
            "if the price were to fall",
        ],
    ),
    (172, "there is with a plural"): (
        [
            ("There are many ways.", "There is many ways."),
            ("There are two doors.", "There is two doors."),
            ("because there are no seats", "because there is no seats"),
            ("I know there are people inside.", "I know there is people inside."),
            ("There are several reasons.", "There is several reasons."),
        ],
        [
            "They are many.",
            "There are.",
            "Are there many?",
        ],
    ),
    (172, "there is before a plural noun"): (
        [
            ("There are cameras inside.", "There is cameras inside."),
            ("if there are questions", "if there is questions"),
            ("There are birds.", "There is birds."),
            ("When there are toys around, wait.", "When there is toys around, wait."),
            ("There are rules.", "There is rules."),
        ],
        [
            "There are better.",
            "There they are.",
            "Are there rules?",
        ],
    ),
    (172, "there was with a plural"): (
        [
            ("There were many ways.", "There was many ways."),
            ("There were two doors.", "There was two doors."),
            ("because there were no seats", "because there was no seats"),
            ("There were people inside.", "There was people inside."),
            ("There were some problems.", "There was some problems."),
        ],
        [
            "There were.",
            "There they were.",
            "if there were time",
        ],
    ),
    (174, "no auxiliary before a progressive"): (
        [
            ("They are working.", "They working."),
            ("You're doing well.", "You doing well."),
            ("We are waiting here.", "We waiting here."),
            ("because they're asking", "because they asking"),
            ("You are still. They are sleeping.", "You are still. They sleeping."),
        ],
        [
            "You are going to win.",
            "They are willing to go.",
            "He is working.",
            "We are everything.",
        ],
    ),
    (207, "want that someone should"): (
        [
            ("I want you to rest.", "I want that you should rest."),
            ("She wanted him to come.", "She wanted that he should come."),
            ("They expect us to pay.", "They expect that we should pay."),
            ("We want them to know.", "We want that they should know."),
            ("Do you want me to wait?", "Do you want that I should wait?"),
        ],
        [
            "I want to rest.",
            "I told you to rest.",
            "I want you.",
        ],
    ),
    (209, "let someone to do"): (
        [
            ("Let him go.", "Let him to go."),
            ("Please let me know.", "Please let me to know."),
            ("It lets you choose.", "It lets you to choose."),
            ("letting them play", "letting them to play"),
            ("Don't let it happen.", "Don't let it to happen."),
        ],
        [
            "Let him alone.",
            "Let's go.",
            "Let us in.",
            "Let her mother know.",
        ],
    ),
    (209, "make someone to do"): (
        [
            ("It makes me laugh.", "It makes me to laugh."),
            ("They made him wait.", "They made him to wait."),
            ("making them think", "making them to think"),
            ("Make people feel at home.", "Make people to feel at home."),
            ("That makes you wonder.", "That makes you to wonder."),
        ],
        [
            "It makes me happy.",
            "Make me tea.",
            "They made it home.",
        ],
    ),
    (14, "plural in -self"): (
        [
            ("They ask themselves why.", "They ask themself why."),
            ("We did it ourselves.", "We did it ourself."),
            ("Help yourselves.", "Help yourself."),
            ("THEMSELVES", "THEMSELF"),
            ("They keep to themselves, mostly.", "They keep to themself, mostly."),
        ],
        [
            "He asked himself.",
            "the selves",
            "itself",
        ],
    ),
    (34, "you people"): (
        [
            ("You guys know.", "You people know."),
            ("All of you are welcome.", "You people are welcome."),
            ("I thank both of you.", "I thank you people."),
            ("Hello, you guys!", "Hello, you people!"),
            ("for all of you", "for you people"),
        ],
        [
            "you and the guys",
            "all of your friends",
            "You know.",
        ],
    ),
    (48, "irregular plural with -s"): (
        [
            ("The children sleep.", "The childrens sleep."),
            ("Women were there too.", "Womans were there too."),
            ("My feet hurt.", "My feets hurt."),
            ("Brush your teeth.", "Brush your teeths."),
            ("CHILDREN", "CHILDRENS"),
        ],
        [
            "Children's books",
            "four feet",
            "a child",
        ],
    ),
    (49, "plural in -fs"): (
        [
            ("The knives are sharp.", "The knifes are sharp."),
            ("two thieves", "two thiefs"),
            ("many wolves", "many wolfs"),
            ("on the shelves.", "on the shelfs."),
            ("both halves", "both halfs"),
            ("Their wives know.", "Their wifes know."),
        ],
        [
            "He lives here.",
            "She leaves today.",
            "the roofs",
        ],
    ),
    (54, "plural at the end of a compound"): (
        [
            ("There are two points of view.", "There are two point of views."),
            ("the attorneys general", "the attorney generals"),
            ("These are rules of thumb.", "These are rule of thumbs."),
            ("other ways of life", "other way of lifes"),
            ("several cups of tea", "several cup of teas"),
        ],
        [
            "a point of view",
            "a cup of tea",
            "the cups",
        ],
    ),
    (55, "plural of a mass noun"): (
        [
            ("Ask for advice.", "Ask for advices."),
            ("We sell furniture.", "We sell furnitures."),
            ("You need more information about it.", "You need more informations about it."),
            ("their feedback, too", "their feedbacks, too"),
            ("They asked for feedback.", "They asked for feedbacks."),
            ("There is little doubt about the equipment.", "There is little doubt about the equipments."),
            ("They ask for evidence.", "They ask for evidences."),
        ],
        [
            "The information is wrong.",
            "a piece of advice",
            "this equipment",
            "They research birds.",
            "information technology",
        ],
    ),
    (56, "one of the with a singular"): (
        [
            ("one of the biggest problems", "one of the biggest problem"),
            ("It is one of my friends.", "It is one of my friend."),
            ("one of the most useful tools", "one of the most useful tool"),
            ("One of those days.", "One of those day."),
            ("one of your best ideas", "one of your best idea"),
        ],
        [
            "one of the men's",
            "one of them",
            "one problem",
        ],
    ),
    (71, "singular demonstrative before a plural"): (
        [
            ("These steps help.", "This steps help."),
            ("I like those books.", "I like that books."),
            ("Follow these rules.", "Follow this rules."),
            ("Those days are gone.", "That days are gone."),
            ("THESE RULES", "THIS RULES"),
        ],
        [
            "these book covers",
            "those who know",
            "this step",
        ],
    ),
    (56, "no plural after a quantifier"): (
        [
            ("for two weeks", "for two week"),
            ("in many countries.", "in many country."),
            ("It has several doors.", "It has several door."),
            ("a few minutes", "a few minute"),
            ("both sides", "both side"),
        ],
        [
            "two week",
            "many of them",
            "the weeks",
            "two levels of detail",
            "Many parents are late.",
        ],
    ),
    (59, "demonstrative and possessive together"): (
        [
            ("this idea of mine", "my this idea"),
            ("That idea of yours is good.", "Your that idea is good."),
            ("these friends of his", "his these friends"),
            ("those plans of ours", "our those plans"),
            ("this habit of theirs", "their this habit"),
        ],
        [
            "this house of the king",
            "a friend of mine",
            "I know that friends of mine sing.",
            "this of yours",
        ],
    ),
    (60, "the before an illness"): (
        [
            ("He has a headache.", "He has the headache."),
            ("You may catch a cold.", "You may catch the cold."),
            ("with a fever", "with the fever"),
            ("I had a cough.", "I had the cough."),
            ("She gets a headache.", "She gets the headache."),
        ],
        [
            "He has a cold drink.",
            "He has the flu.",
            "It is a cold day.",
        ],
    ),
    (62, "no article with what the situation gives"): (
        [
            ("He is in the kitchen.", "He is in kitchen."),
            ("Call the police.", "Call police."),
            ("She walked to the station and sat.", "She walked to station and sat."),
            ("in the morning", "in morning"),
            ("Turn off the light at the door, please.", "Turn off the light at door, please."),
        ],
        [
            "in the kitchen of my house",
            "the kitchen",
            "in the kitchen that I like",
            "at the car park",
        ],
    ),
    (62, "no article at the beginning"): (
        [
            ("The police can help.", "Police can help."),
            ("The weather is fine.", "Weather is fine."),
            ("The government has a plan.", "Government has a plan."),
            ("The teacher will know.", "Teacher will know."),
            ("It is late. The shop is closed.", "It is late. Shop is closed."),
        ],
        [
            "and the police can help",
            "The dog is here.",
            "The police officer is here.",
        ],
    ),
    (62, "no article before same"): (
        [
            ("It is the same.", "It is same."),
            ("at the same time", "at same time"),
            ("They do the same thing.", "They do same thing."),
            ("The same goes for tea.", "Same goes for tea."),
            ("the same as before", "same as before"),
        ],
        [
            "all the same, it works",
            "the same old song",
            "of the same size",
        ],
    ),
    (63, "no article with an object"): (
        [
            ("You need a permit.", "You need permit."),
            ("They bought a house and a car.", "They bought house and a car."),
            ("Make a plan, please.", "Make plan, please."),
            ("Have a chat if you like.", "Have chat if you like."),
            ("He wrote an essay.", "He wrote essay."),
        ],
        [
            "Have a little.",
            "He took a minute.",
            "a permit",
            "Find a flat, hard surface.",
            "You need a permit form.",
        ],
    ),
    (63, "no article with an object and its adjective"): (
        [
            ("You need a valid permit.", "You need valid permit."),
            ("They bought a large kitchen.", "They bought large kitchen."),
            ("Make a simple plan, please.", "Make simple plan, please."),
            ("use a sharp knife to cut", "use sharp knife to cut"),
            ("He wrote a short essay.", "He wrote short essay."),
        ],
        [
            "You need a good deal.",
            "They bought a large house party.",
            "a valid permit",
        ],
    ),
    (63, "no article with a way of doing something"): (
        [
            ("in a calm way", "in calm way"),
            ("Ask in a polite manner.", "Ask in polite manner."),
            ("on a regular basis", "on regular basis"),
            ("at a slow pace", "at slow pace"),
            ("in a clear voice, please", "in clear voice, please"),
        ],
        [
            "in a way",
            "in a different way",
            "in a calm way of life",
        ],
    ),
    (63, "no article with a role"): (
        [
            ("as a teacher", "as teacher"),
            ("He works as a nurse and sings.", "He works as nurse and sings."),
            ("As a result, it fell.", "As result, it fell."),
            ("as a friend.", "as friend."),
            ("Take it as a compliment.", "Take it as compliment."),
        ],
        [
            "as a teacher of art",
            "such as a dog",
            "as the teacher",
        ],
    ),
    (63, "lot of"): (
        [
            ("a lot of time", "lot of time"),
            ("There is a lot of noise.", "There is lot of noise."),
            ("A lot of people know.", "Lot of people know."),
            ("a couple of days", "couple of days"),
            ("We saw a lot of birds.", "We saw lot of birds."),
        ],
        [
            "a bit of time",
            "the lot of them",
            "a lot more",
        ],
    ),
    (64, "the before what is meant in general"): (
        [
            ("It is common in society.", "It is common in the society."),
            ("a book about nature", "a book about the nature"),
            ("in life", "in the life"),
            ("They fight for freedom.", "They fight for the freedom."),
            ("the fear of crime.", "the fear of the crime."),
        ],
        [
            "in nature parks",
            "society",
            "in the society",
        ],
    ),
    (64, "most of the"): (
        [
            ("Most people know.", "Most of the people know."),
            ("in most cases", "in most of the cases"),
            ("Most parents agree.", "Most of the parents agree."),
            ("He sold most books.", "He sold most of the books."),
            ("most countries", "most of the countries"),
        ],
        [
            "the most people",
            "most of them",
            "most useful",
        ],
    ),
    (66, "one for a new thing"): (
        [
            ("There is a problem.", "There is one problem."),
            ("There was a dog outside.", "There was one dog outside."),
            ("There's an error.", "There's one error."),
            ("because there is a risk", "because there is one risk"),
            ("I know there is a reason.", "I know there is one reason."),
        ],
        [
            "There is a lot.",
            "There is the dog.",
            "There is a dog show.",
            "a problem",
        ],
    ),
    (78, "more before a comparative"): (
        [
            ("It is easier.", "It is more easier."),
            ("He runs faster than you.", "He runs more faster than you."),
            ("That is safer for them.", "That is more safer for them."),
            ("I feel better, and so does she.", "I feel more better, and so does she."),
            ("The room was quieter than mine.", "The room was more quieter than mine."),
        ],
        [
            "no longer",
            "more easier",
            "the cheaper one",
            "You had better go.",
        ],
    ),
    (80, "more with a short adjective"): (
        [
            ("This box is heavier.", "This box is more heavy."),
            ("It is kinder to wait.", "It is more kind to wait."),
            ("He gets slower every day.", "He gets more slow every day."),
            ("a road that is much wiser", "a road that is much more wise"),
            ("The soup is thicker than mine.", "The soup is more thick than mine."),
        ],
        [
            "a heavier box",
            "the slower, the better",
            "It is heavy.",
        ],
    ),
    (80, "most with a short adjective"): (
        [
            ("the biggest problem", "the most big problem"),
            ("The easiest way is this.", "The most easy way is this."),
            ("Your safest option", "Your most safe option"),
            ("my smallest kitchen", "my most small kitchen"),
            ("the simplest answer", "the most simple answer"),
        ],
        [
            "a biggest problem",
            "It is the biggest.",
            "the best way",
        ],
    ),
    (204, "than what"): (
        [
            ("It is harder than you think.", "It is harder than what you think."),
            ("more than I expected", "more than what I expected"),
            ("It took longer than we thought.", "It took longer than what we thought."),
            ("less than they need", "less than what they need"),
            ("It is better than it looks.", "It is better than what it looks."),
        ],
        [
            "rather than you",
            "no more than you need",
            "harder than stone",
        ],
    ),
    (221, "adverb without -ly"): (
        [
            ("Drive slowly.", "Drive slow."),
            ("He answered quickly, and left.", "He answered quick, and left."),
            ("Please speak clearly!", "Please speak clear!"),
            ("They ran away quietly.", "They ran away quiet."),
            ("It ended badly.", "It ended bad."),
        ],
        [
            "He slowly left.",
            "Slowly, he left.",
            "It is badly.",
            "They say clearly that it works.",
        ],
    ),
    (222, "very much before a predicate"): (
        [
            ("It is very important.", "It is very much important."),
            ("I'm very sorry.", "I'm very much sorry."),
            ("They were very happy about it.", "They were very much happy about it."),
            ("The soup is very hot, so wait.", "The soup is very much hot, so wait."),
            ("He seems very tired.", "He seems very much tired."),
        ],
        [
            "a very important day",
            "It is very much so.",
            "very quickly",
            "It is very hot soup.",
        ],
    ),
}
