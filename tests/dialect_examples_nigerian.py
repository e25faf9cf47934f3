"""Examples of every rule for Nigerian English: (before, after) where it applies, and texts left alone."""

from tests.dialect_examples_across_varieties import Examples, of_features

EXAMPLES: Examples = {
    **of_features("16 45 48 49 55 59 62 71 78 81 88 89 128 130 145 158 170 204 208 209 215 216 221 222 227"),
    (34, "you people"): (
        [
            ("You guys know it.", "You people know it."),
            ("I will help all of you.", "I will help you people."),
            ("If you all have time, call me.", "If you people have time, call me."),
            ("Thank you all.", "Thank you people."),
            ("I hope you guys enjoy it.", "I hope you people enjoy it."),
        ],
        [
            "I'll tell you all about it.",
            "It gives you all the time.",
            "You alone know it.",
        ],
    ),
    (109, "already for ago"): (
        [
            ("It closed a month ago.", "It closed a month already."),
            ("He left two years ago.", "He left two years already."),
            ("We met a few days ago.", "We met a few days already."),
            ("She called three weeks ago, I think.", "She called three weeks already, I think."),
            ("It began many long years ago.", "It began many long years already."),
        ],
        [
            "It closed long ago.",
            "It closed a month ago at least.",
            "A month ago, he left.",
        ],
    ),
    (109, "already for ago behind a figure"): (
        [
            ("It closed 3 months ago.", "It closed 3 months already."),
            ("He left 20 years ago.", "He left 20 years already."),
            ("It was 1 day ago.", "It was 1 day already."),
            ("They called 10 minutes ago, I think.", "They called 10 minutes already, I think."),
            ("about 6 weeks ago.", "about 6 weeks already."),
        ],
        [
            "It closed 3 months later.",
            "He left 20 miles ago.",
            "It closed years ago.",
        ],
    ),
    (116, "coming to for about to"): (
        [
            ("The train is about to leave.", "The train is coming to leave."),
            ("The children are about to eat.", "The children are coming to eat."),
            ("It was about to rain.", "It was coming to rain."),
            ("The shops were just about to close.", "The shops were coming to close."),
            ("Lunch is about to begin.", "Lunch is coming to begin."),
        ],
        [
            "It is about a dog.",
            "It is about to.",
            "He wrote about to and from.",
        ],
    ),
    (116, "coming to for going to"): (
        [
            ("I'm going to call him.", "I'm coming to call him."),
            ("We are going to eat.", "We are coming to eat."),
            ("They're about to leave.", "They're coming to leave."),
            ("She is going to explain it.", "She is coming to explain it."),
            ("You're going to enjoy it.", "You're coming to enjoy it."),
        ],
        [
            "I'm going to the shop.",
            "He was going to call.",
            "The train is going to stop.",
            "I'm going home.",
        ],
    ),
    (144, "gotten for received"): (
        [
            ("I have received your letter.", "I have gotten your letter."),
            ("You've obtained the keys.", "You've gotten the keys."),
            ("She has received help.", "She has gotten help."),
            ("They had obtained a loan.", "They had gotten a loan."),
            ("We've received it.", "We've gotten it."),
        ],
        [
            "He received it.",
            "It was received well.",
            "You have to receive it.",
        ],
    ),
    (185, "that for which behind a comma"): (
        [
            ("The car, which is new, runs well.", "The car, that is new, runs well."),
            ("I read the book, which was long.", "I read the book, that was long."),
            ("It rained, which makes it cold.", "It rained, that makes it cold."),
            ("She sold the house, which had two doors.", "She sold the house, that had two doors."),
            ("The shop, which has bread, is near.", "The shop, that has bread, is near."),
        ],
        [
            "The car which is new runs well.",
            "the house, in which he lives",
            "Which is it?",
            "the car, which he bought",
        ],
    ),
    (185, "that for who behind a comma"): (
        [
            ("My son, who works there, is here.", "My son, that works there, is here."),
            ("I met Anna, who was late.", "I met Anna, that was late."),
            ("The teacher, who is kind, helps us.", "The teacher, that is kind, helps us."),
            ("His boss, who had a car, left.", "His boss, that had a car, left."),
            ("We asked a man, who said no.", "We asked a man, that said no."),
        ],
        [
            "the man who works there",
            "My son, who I like, is here.",
            "Who is it?",
        ],
    ),
    (186, "which for who"): (
        [
            ("people who live here", "people which live here"),
            ("Anyone who can help, call me.", "Anyone which can help, call me."),
            ("a friend who is kind", "a friend which is kind"),
            ("the children who were late", "the children which were late"),
            ("someone who knows it", "someone which knows it"),
        ],
        [
            "the dog who barked",
            "people who often live here",
            "Who is it?",
            "I know who is here.",
        ],
    ),
    (214, "two conjunctions for nevertheless"): (
        [
            ("Nevertheless, he works.", "Still yet he works."),
            ("Even so, it is late.", "Still yet it is late."),
            ("It rained; nonetheless, we went.", "It rained; still yet we went."),
            ("Nonetheless, the plan is good.", "Still yet the plan is good."),
            ("It is cheap; even so, I would wait.", "It is cheap; still yet I would wait."),
        ],
        [
            "He works nevertheless.",
            "It is even so.",
            "It is nevertheless good.",
            "It is late, but even so",
        ],
    ),
    (214, "two conjunctions for yet"): (
        [
            ("He is tired, yet he works.", "He is tired, still yet he works."),
            ("It is cheap, yet the quality is good.", "It is cheap, still yet the quality is good."),
            ("Yet many people agree.", "Still yet many people agree."),
            ("It rained, yet we went.", "It rained, still yet we went."),
            ("It is late; yet there is time.", "It is late; still yet there is time."),
        ],
        [
            "It is not here yet.",
            "He has yet to call.",
            "It is cheap, yet good.",
            "and yet he works",
        ],
    ),
    (217, "night time"): (
        [
            ("He works at night.", "He works in the night time."),
            ("At night, it is cold.", "In the night time, it is cold."),
            ("It is dark at night.", "It is dark in the night time."),
            ("I sleep badly at night.", "I sleep badly in the night time."),
            ("The road is closed at night, too.", "The road is closed in the night time, too."),
        ],
        [
            "Late at night, it is cold.",
            "tonight",
            "at nightfall",
        ],
    ),
    (217, "time behind a time of the day"): (
        [
            ("We meet in the morning.", "We meet in the morning time."),
            ("It rains in the evening.", "It rains in the evening time."),
            ("Call me in the afternoon, please.", "Call me in the afternoon time, please."),
            ("In the morning, I run.", "In the morning time, I run."),
            ("He works in the evening and sleeps.", "He works in the evening time and sleeps."),
        ],
        [
            "In the morning of that day, he left.",
            "At two in the morning, I woke up.",
            "in the morning sun",
            "In the early morning, I run.",
        ],
    ),
}
