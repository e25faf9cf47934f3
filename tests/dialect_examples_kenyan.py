"""Examples of every rule for Kenyan English: (before, after) where it applies, and texts left alone."""

from tests.dialect_examples_across_varieties import Examples, of_features

EXAMPLES: Examples = {
    **of_features(
        "16 42 45 48 49 55 59 62 63 71 78 80 81 88 89 99 123 128 "
        "130 145 147 158 170 204 208 209 216 221 222 227 228 229"
    ),
    (34, "you guys"): (
        [
            ("You all know it.", "You guys know it."),
            ("I will help all of you.", "I will help you guys."),
            ("If you all have time, call me.", "If you guys have time, call me."),
            ("Thank you all.", "Thank you guys."),
            ("All of you can come.", "You guys can come."),
        ],
        [
            "I'll tell you all about it.",
            "It gives you all the time.",
            "You alone know it.",
        ],
    ),
    (120, "would have in an if-clause"): (
        [
            ("If I had known, I would have called.", "If I would have known, I would have called."),
            (
                "If you had gone there, it would have helped.",
                "If you would have gone there, it would have helped.",
            ),
            (
                "If they had written to us, we could have come.",
                "If they would have written to us, we could have come.",
            ),
            ("It would have worked if he had tried.", "It would have worked if he would have tried."),
            (
                "If she had taken the bus, she would be here.",
                "If she would have taken the bus, she would be here.",
            ),
        ],
        [
            "If I had a car, I would go.",
            "I had known it.",
            "as if he had known",
            "If Anna had known, she would have called.",
        ],
    ),
    (120, "would in an if-clause"): (
        [
            ("If I knew, I would tell you.", "If I would know, I would tell you."),
            ("If they wanted help, they could ask.", "If they would want help, they could ask."),
            ("If he lived here, he would know.", "If he would live here, he would know."),
            ("If she went there, it would help.", "If she would go there, it would help."),
            ("If we knew why, we could stop it.", "If we would know why, we could stop it."),
        ],
        [
            "If I knew, tell me.",
            "If I know, I would tell you.",
            "If you can, you would go.",
            "When he knew, he would tell us.",
        ],
    ),
    (159, "never for did not"): (
        [
            ("It didn't rain that day.", "It never rained that day."),
            ("He did not call me.", "He never called me."),
            ("They didn't want it.", "They never wanted it."),
            ("She did not answer.", "She never answered."),
            ("You did not choose this.", "You never chose this."),
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
            ("You know it, don't you?", "You know it, isn't it?"),
            ("She works here, doesn't she?", "She works here, isn't it?"),
            ("It was good, wasn't it?", "It was good, isn't it?"),
            ("He can't come, can he?", "He can't come, isn't it?"),
            ("You are late, right?", "You are late, isn't it?"),
        ],
        [
            "Don't you know it?",
            "You know it, don't you.",
            "Is it good?",
            "That is right?",
        ],
    ),
    (172, "there's before a plural"): (
        [
            ("There are many ways.", "There's many ways."),
            ("There are two dogs here.", "There's two dogs here."),
            ("I know that there are some shops.", "I know that there's some shops."),
            ("There are no stars.", "There's no stars."),
            ("because there are several reasons", "because there's several reasons"),
        ],
        [
            "There are the dogs.",
            "Are there many ways?",
            "Out there are many dogs.",
            "There is a dog.",
        ],
    ),
    (194, "pronoun at the gap of a relative clause"): (
        [
            ("It is a song that I love.", "It is a song that I love it."),
            ("He has a car that they want.", "He has a car that they want it."),
            ("Is this the house which they made?", "Is this the house which they made it?"),
            ("Keep the letter that we wrote.", "Keep the letter that we wrote it."),
            ("the box that they found, and more", "the box that they found it, and more"),
        ],
        [
            "It is the way that they want.",
            "He is the person that they love.",
            "the song that I know well",
            "It is a song I love.",
        ],
    ),
    (194, "pronoun at the gap of a relative clause on a plural"): (
        [
            ("These are songs that I love.", "These are songs that I love them."),
            ("He has dogs that they want.", "He has dogs that they want them."),
            ("Sing the songs which they made.", "Sing the songs which they made them."),
            ("Keep the letters that we wrote.", "Keep the letters that we wrote them."),
            ("the boxes that they found, and more", "the boxes that they found them, and more"),
        ],
        [
            "They are the people that we love.",
            "Those are the days that they want.",
            "the songs that I know well",
            "a song that I love",
        ],
    ),
    (194, "pronoun behind a plural subject"): (
        [
            ("The students are here.", "The students they are here."),
            ("Some shops have bread.", "Some shops they have bread."),
            ("Most children can swim.", "Most children they can swim."),
            ("Your friends will help.", "Your friends they will help."),
            ("Many books are old.", "Many books they are old."),
        ],
        [
            "I know the students are here.",
            "The student is here.",
            "The students of law are here.",
            "Are the students here?",
        ],
    ),
    (194, "pronoun behind a subject of persons"): (
        [
            ("People are kind.", "People they are kind."),
            ("Children can swim.", "Children they can swim."),
            ("Parents have questions.", "Parents they have questions."),
            ("Women will know.", "Women they will know."),
            ("Experts agree.", "Experts they agree."),
        ],
        [
            "Shops are closed.",
            "I know people are kind.",
            "People like you are kind.",
            "Children of all ages",
        ],
    ),
    (198, "no preposition at the end of a relative clause"): (
        [
            ("Find someone you can talk to.", "Find someone you can talk."),
            ("It is the place that they live in.", "It is the place that they live."),
            ("He is a friend who I rely on.", "He is a friend who I rely."),
            ("the people you work with, and more", "the people you work, and more"),
            ("Is there anyone she can speak to?", "Is there anyone she can speak?"),
        ],
        [
            "I can talk to.",
            "Find someone you can talk to about it.",
            "the place where they live",
            "He knows what you work with.",
        ],
    ),
    (214, "two conjunctions for nevertheless"): (
        [
            ("Nevertheless, he works.", "But yet he works."),
            ("Even so, it is late.", "But yet it is late."),
            ("It rained; nonetheless, we went.", "It rained; but yet we went."),
            ("Nonetheless, the plan is good.", "But yet the plan is good."),
            ("It is cheap; even so, I would wait.", "It is cheap; but yet I would wait."),
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
            ("He is tired, yet he works.", "He is tired, but yet he works."),
            ("It is cheap, yet the quality is good.", "It is cheap, but yet the quality is good."),
            ("Yet many people agree.", "But yet many people agree."),
            ("It rained, yet we went.", "It rained, but yet we went."),
            ("It is late; yet there is time.", "It is late; but yet there is time."),
        ],
        [
            "It is not here yet.",
            "He has yet to call.",
            "It is cheap, yet good.",
            "and yet he works",
        ],
    ),
}
