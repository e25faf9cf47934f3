"""Every rule of register and of model-typical vocabulary fits where it should, and not where the meaning would go."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.edits import tone
from judgeaudit.perturb.edits.ai_vocabulary import AI_VOCABULARY_ENGLISH
from judgeaudit.perturb.edits.formal import FORMAL_ENGLISH
from judgeaudit.perturb.edits.informal import INFORMAL_ENGLISH
from judgeaudit.perturb.wording import Rule, RuleBook
from judgeaudit.records import Pair, Turn

BUILTIN = sorted((Path(__file__).parents[1] / "judgeaudit" / "corpora" / "builtin").glob("en_*.jsonl"))
BOOKS = {"formal": FORMAL_ENGLISH, "informal": INFORMAL_ENGLISH, "ai_vocabulary": AI_VOCABULARY_ENGLISH}
EDITS = {"formal": tone.formal, "informal": tone.informal, "ai_vocabulary": tone.ai_vocabulary}
NAMES = sorted(BOOKS)


def reworded(name: str, text: str) -> str:
    return BOOKS[name].reword(text, lambda: True)


def edited(name: str, text: str, share: float = 1.0, seed: int = 0) -> str:
    context = TextContext(Pair("p", (Turn("user", "q"),), text, ""), "a")
    return EDITS[name](text, context, random.Random(seed), share=share)


@pytest.mark.parametrize(
    ("casual", "formal"),
    [
        ("Kids don't like it.", "Children do not like it."),
        ("I kid you not.", "I kid you not."),
        ("Get help now, but get well first.", "Obtain help now, but get well first."),
        ("There were a lot of people.", "There were a large number of people."),
        ("It takes a lot of time.", "It takes a great deal of time."),
        ("It helps a lot.", "It helps a lot."),
        ("It rains, so you stay.", "It rains, and therefore you stay."),
        ("It was so that you could stay.", "It was so that you could stay."),
        ("But we tried to fix it.", "However, we attempted to fix it."),
        ("So long, and thanks.", "So long, and thank you."),
        ("It fell thanks to you.", "It fell thanks to you."),
        ("You have to go, but he has to stay.", "You must go, but he has to stay."),
        ("Do you have to go?", "Do you have to go?"),
        ("Say what you have to say.", "Say what you have to say."),
        ("It's pretty common.", "It's fairly common."),
        ("What a pretty dress.", "What a pretty dress."),
        ("You should look into it.", "You should investigate it."),
        ("You should look into the mirror.", "You should look into the mirror."),
        ("Let me know.", "Inform me."),
        ("Let me know you.", "Let me know you."),
        ("Keep going, keep something.", "Continue going, keep something."),
        ("They had a good talk about it.", "They had a good talk about it."),
        ("Make sure you rest.", "Ensure you rest."),
        ("Make sure to rest.", "Make sure to rest."),
        ("THEY WON'T GO", "THEY WILL NOT GO"),
        ("way too much, by the way", "far too much, by the way"),
        ("Mom's phone", "Mom's phone"),
    ],
)
def test_casual_wordings_become_formal_where_they_fit(casual: str, formal: str) -> None:
    assert reworded("formal", casual) == formal


@pytest.mark.parametrize(
    ("formal", "casual"),
    [
        ("I do not know.", "I don't know."),
        ("They do not.", "They do not."),
        ("Not only does it not only help.", "Not only does it not only help."),
        ("It is important.", "It's important."),
        ("I know what it is.", "I know what it is."),
        ("I know where they are going.", "I know where they are going."),
        ("They are going now.", "They're going now."),
        ("You will need it.", "You'll need it."),
        ("Will you?", "Will you?"),
        ("Children can do it.", "Kids can do it."),
        ("A child can.", "A kid can."),
        ("Child protection helps.", "Child protection helps."),
        ("Save the Children helps.", "Save the Children helps."),
        ("Her mother tongue.", "Her mother tongue."),
        ("However, he left.", "But he left."),
        ("However hard he tried, he left.", "However hard he tried, he left."),
        ("Therefore, we stay.", "So we stay."),
        ("In addition, we stay.", "Plus, we stay."),
        ("Please purchase one.", "Please buy one."),
        ("The purchase failed.", "The purchase failed."),
        ("We made an attempt to go.", "We made an attempt to go."),
        ("We should attempt to go.", "We should try to go."),
        ("Provide them with water.", "Give them water."),
        ("Provide water.", "Provide water."),
        ("You must not go.", "You must not go."),
        ("We must go.", "We have to go."),
        ("Take an excellent one.", "Take a great one."),
        ("In order to win, we stay.", "To win, we stay."),
        ("It's very important, not very good.", "It's really important, not very good."),
        ("We're going to need it.", "We're gonna need it."),
        ("We're going to Rome.", "We're going to Rome."),
        ("I received a contact.", "I received a contact."),
        ("Please contact your doctor.", "Please get in touch with your doctor."),
        ("Is an additional one sufficient?", "Is an additional one sufficient?"),
    ],
)
def test_formal_wordings_become_casual_where_they_fit(formal: str, casual: str) -> None:
    assert reworded("informal", formal) == casual


@pytest.mark.parametrize(
    ("plain", "typical"),
    [
        ("It is important to rest.", "It is crucial to rest."),
        ("It is more important to rest.", "It is more important to rest."),
        ("An important point.", "A crucial point."),
        ("You can use a hammer.", "You can leverage a hammer."),
        ("The use of a hammer.", "The use of a hammer."),
        ("Let us explore the cave.", "Let us delve into the cave."),
        ("It shows that he left.", "It underscores that he left."),
        ("The shows that he saw.", "The underscores that he saw."),
        ("A complex matter.", "An intricate matter."),
        ("It plays a key role.", "It plays a pivotal role."),
        ("She lost her key.", "She lost her key."),
        ("This is a mix of old and new.", "This is a rich tapestry of old and new."),
        ("Show your boss the door.", "Show your boss the door."),
        ("You can show your skills.", "You can showcase your skills."),
        ("Your aim to win.", "Your aim to win."),
        ("Field of view.", "Field of view."),
        ("The field of medicine.", "The realm of medicine."),
        ("Thinking about suicide.", "Thinking about suicide."),
        ("A real friend, not in real time.", "A genuine friend, not in real time."),
        ("Also, we improved our skills.", "Additionally, we enhanced our skills."),
        ("The book, also, improved.", "The book, also, improved."),
    ],
)
def test_plain_words_become_typical_of_models_where_they_fit(plain: str, typical: str) -> None:
    assert reworded("ai_vocabulary", plain) == typical


EVERYWHERE = {
    "formal": """
I can't. We won't. I don't. He doesn't. We didn't. It isn't. We aren't. It wasn't. We weren't. It hasn't. We
haven't. He hadn't. I couldn't. I wouldn't. I shouldn't. I mustn't. We needn't. You're in. We're in. They're
in. I've a dog. You've a dog. We've a dog. They've a dog. I'll go. You'll go. He'll go. She'll go. It'll go.
We'll go. They'll go. That'll go. There'll be. I'm in. Let's go. It's the dog. That's the dog. There's the
dog. Here's the dog. He's the dog. She's the dog. What's the time? See kids, mom, dad, moms, dads, grandma,
grandpa, a photo, photos, the fridge, ads, info, a lab, labs, the flu, a dorm, teens. Find out why. He finds
out why. We found out why. Finding out why. Come up with it. He comes up with it. Coming up with it. Put up
with it. Putting up with it. Get rid of it. Getting rid of it. Throw away it. Throwing away it. Trying to go.
He tried to go. Ask about it. Asking about it. Cut down on it. Cutting down on it. Go right away. Go once in a
while. Go all the time. Go over and over. Twice in a row. Go these days. Go right now. He tries to go. Carry
out the plan. Carrying out the plan. Get in touch with me. Getting in touch with me. A kid ran. Your ad ran.
My bike ran. My phone rang. I'm gonna go. I wanna go. We gotta go. Lemme go. Gimme it. I dunno. You dunno. We
dunno. They dunno. It's kinda hard. It's sorta hard. It's kind of hard. It's sort of hard. Yeah. Yep. Yup. Hi,
you. Hey, you. Bye. Thanks. Sure, go. Maybe. But you go. And you go. Plus, go. Also, go. Go on top of that.
Anyway, go. Stay, so you go. A lot of people. Lots of people. Tons of people. Loads of people. A lot of time.
Lots of time. Tons of time. Loads of time. Plenty of time. Enough time. It's a bit hard. It's pretty hard.
It's really hard. It's super hard. I totally go. It's way too hard. It's awesome. It's tough. It's weird. I'm
scared. I'm mad at it. My boss ran. A big problem. It is bad for it. It is good for you. It's okay to go. It's
no big deal. I know for sure. Get help. Getting help. I can get better. I can get worse. It gets better. It
gets worse. Figure out why. Figuring out why. I can look into it. I can set up a thing. I point out that I go.
Make sure you go. Making sure you go. He makes sure you go. Ask for help. Asking for help. Talk to a man.
Talking to a man. Talk about it. Talking about it. I can think about it. Thinking about it. I can deal with
it. Dealing with it. I can start by going. Keep going. You have to go. You want to go. Try to go. I show that
I go. It shows that I go. It showed that I go. Let me know. Tell me that I go. Help me with it. Buy a thing.
Buying a thing. Check out the thing. I can go over the thing. Speed up the thing. Fill out the thing. I can
hand in the thing. Made up of it. It stands for a thing. The things like cats, foods like cats, items like
cats, activities like cats, topics like cats, tools like cats, options like cats, websites like cats, apps
like cats, words like cats, symptoms like cats.
""",
    "informal": """
I do not go. He does not go. We did not go. It is not so. We are not so. It was not so. We were not so. It has
not so. We have not so. It had not so. I could not go. I would not go. I should not go. I cannot go. I can not
go. I will not go. I am going. You are going. We are going. They are going. It is a dog. There is a dog. He is
a dog. She is a dog. Here is a dog. That is a dog. I will go. You will go. We will go. They will go. It will
go. She will go. He will go. I have been. You have been. We have been. They have been. I would like. We would
like. They would like. You would like. He would like. She would like. Let us go. See children, mother, father,
mothers, fathers, grandmother, grandfather, photograph, photographs, refrigerator, advertisements,
information, laboratory, laboratories, influenza, dormitory, adolescents. Discover it. He discovers it.
Discovering it. Devise it. He devises it. Devising it. Tolerate it. Tolerating it. Dispose of it. Disposing of
it. Discard it. Discarding it. Attempting to go. He attempted to go. Inquire about it. Inquiring about it.
Reduce it. Reducing it. Go immediately. Go occasionally. Go constantly. Go repeatedly. Thrice consecutively.
Go at present. Go presently. Go promptly. Go currently. I can perform the thing. Performing the thing. I can
contact the man. Contacting the man. A child ran. See advertisement. See bicycle. See telephone. See
television. See physician. See physicians. See individuals. See an individual. See an automobile. My
supervisor ran. See assistance. Perhaps. Certainly, go. Yes, go. Hello, you. Greetings, you. Goodbye. Thank
you. However, go. Therefore, go. Thus, go. Consequently, go. Hence, go. Moreover, go. Furthermore, go.
Additionally, go. In addition, go. Nevertheless, go. Subsequently, go. In any event, go. A great deal of it. A
large number of it. See many people. See numerous dogs. See several people. Sufficient time. Ample time.
Additional time. It is far too old. It is much too old. It is very hard. It is extremely hard. It is fairly
hard. It is quite hard. It is somewhat hard. I entirely go. It is an excellent dog. It is excellent. A
difficult time. I'm frightened. I'm angry with it. It is harmful to it. It is beneficial to it. It is
acceptable to go. Approximately two. Prior to it. In order to go. Due to the fact that I go. Ask regarding the
dog. Ask concerning the dog. With regard to it. Obtain it. Obtaining it. Receive it. He receives it. Receiving
it. I can purchase it. Purchasing it. I require a dog. It requires a dog. Provide me with it. Ensure you go.
Ensuring you go. I can attempt to go. Determine why. Determining why. Investigate it. Establish a dog. I can
improve. Accelerate it. Submit the report. Consult a man. Speak with a man. Speak to a man. Speaking with a
man. Discuss it. Discussing it. I can consider going. Considering going. Inform me that I go. Assist me with
it. I can request a dog. I demonstrate that I go. It demonstrates that I go. Commence it. Continue going. I
must go. You must go. We must go. They must go. Wish to go. Utilize it. Utilizing it. He utilizes it. Reside
here. He resides here. I can respond to the man. I can select the dog. Permitted to go. Composed of it. I'm
going to go.
""",
    "ai_vocabulary": """
An important dog. It is important to go. A more or less important role. The important role. Very important.
Extremely important. Really important. A key role. The main role. The central role. It is essential to go. It
is necessary to go. A complex dog. A complicated dog. It's complex. It's complicated. I can use a dog. Using a
dog. Look into it. Looking into it. Explore the dog. Examine the dog. Investigate the dog. Exploring the dog.
Examining the dog. Investigating the dog. I can discuss the dog. It shows that I go. It highlights that I go.
It stresses that I go. It emphasizes that I go. It emphasises that I go. I can highlight that I go. I can
stress that I go. I can emphasize that I go. I can emphasise that I go. Highlighting that I go. Stressing that
I go. Emphasizing that I go. Emphasising that I go. I can show your skills. Showing your skills. Improve the
dog. It improves the dog. Improving the dog. It improved the dog. Boost the dog. Strengthen the dog. Encourage
trust. Promote trust. Build trust. Create trust. Encouraging trust. Promoting trust. Building trust. Creating
trust. It encourages trust. It promotes trust. It builds trust. It creates trust. I can deal with it. I can
cope with it. Dealing with it. Coping with it. Handle the situation. Handling the situation. Make sure that I
go. Making sure that I go. I can start a journey. I can begin a journey. The field of it. The area of it. The
world of it. A mix of it. A mixture of it. A blend of it. A combination of it. A sign of it. A proof of it. It
is proof of it. The basis of it. The foundation of it. A big difference. A large difference. A major
difference. A great difference. A complete guide. A full guide. A thorough guide. A detailed guide. Careful
work. Carefully read it. A very useful dog. Very useful. Really useful. Extremely useful. Strong evidence.
Solid evidence. Go smoothly. A smooth process. Subtle differences. The political scene. The legal scene. The
media scene. The digital scene. The cultural scene. Useful information. Helpful information. A changing dog.
The changing world. In today's world, go. Also, go. Furthermore, go. Moreover, go. Plus, go. In particular,
go. In short, go. To sum up, go. Overall, go. All in all, go. Remember that I go. Note that I go. Keep in mind
that I go. There are many ways. See numerous dogs. See countless dogs. I aim to go. It has a rich dog. A
lively city. A busy city. A many-sided problem. A varied problem. It is hard to go. It is difficult to go. It
is tough to go. It is tricky to go. A hard time. A difficult time. A tough time. A tricky time. A real dog.
Very clear. Really clear. Mostly. Mainly. I can think about it. Thinking about it. I can talk about the dog. I
can learn about the dog. Go through a dog. Going through a dog. Struggling with it. The story. The account.
Plenty of dogs. It helps a lot. It is like a dog. Inside the dog. Throughout the world. No urgent need. A
possible risk. Giving advice. It is useful. Every part of life. Every side of life. That is why I go. This is
why I go. That's why I go. More and more difficult.
""",
}


def rules() -> list[object]:
    return [
        pytest.param(name, rule, id=f"{name}: {rule.name[:60]} {index}")
        for name in NAMES
        for index, rule in enumerate(BOOKS[name].rules)
    ]


@pytest.mark.parametrize(("name", "rule"), rules())
def test_every_rule_fits_somewhere_from_each_word_it_starts_with(name: str, rule: Rule) -> None:
    text = " ".join(EVERYWHERE[name].split())
    for start in rule.starts:
        alone = RuleBook([dataclasses.replace(rule, starts=frozenset({start}))])
        assert alone.sites(text), (rule.name, start)


@pytest.mark.parametrize("name", NAMES)
def test_there_are_many_rules_and_no_rule_twice(name: str) -> None:
    patterns = [rule.pattern.pattern for rule in BOOKS[name].rules]
    assert len(patterns) == len(set(patterns))
    assert len(patterns) >= 80


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_holds_no_digit_and_changes_something(name: str) -> None:
    for rule in BOOKS[name].rules:
        assert not re.search(r"\d", re.sub(r"\\\d", "", rule.replacement))
    for _, end, new in BOOKS[name].sites(" ".join(EVERYWHERE[name].split())):
        assert new
        assert end


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_a_lower_dose_rewords_a_subset_of_the_sites(name: str, seed: int) -> None:
    text = " ".join(EVERYWHERE[name].split())
    sites = BOOKS[name].sites(text)

    def chosen(share: float) -> list[bool]:
        # Which sites were reworded is told by rewording one at a time.
        rng = random.Random(seed)
        drawn = [rng.random() < share for _ in sites]
        parts, position = [], 0
        for (start, end, new), is_chosen in zip(sites, drawn, strict=True):
            parts += [text[position:start], new if is_chosen else text[start:end]]
            position = end
        assert edited(name, text, share, seed) == "".join([*parts, text[position:]])
        return drawn

    low, middle, high = chosen(0.25), chosen(0.5), chosen(1.0)
    assert sum(low) < sum(middle) < sum(high) == len(sites)
    assert all(not one or other for one, other in zip(low, middle, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_about_the_share_of_the_sites_is_reworded(name: str) -> None:
    text = " ".join(EVERYWHERE[name].split())
    length = len(edited(name, text)) - len(text)
    halves = [len(edited(name, text, 0.5, seed)) - len(text) for seed in range(20)]
    assert sum(halves) / 20 == pytest.approx(length / 2, rel=0.15)


PROTECTED = "`don't` \"It's important to use a dog.\" https://x.org/important"


@pytest.mark.parametrize("name", NAMES)
def test_code_quotations_and_addresses_stay(name: str) -> None:
    assert edited(name, f"Kids do not use it. {PROTECTED} Also, it is important to go.").count(PROTECTED) == 1
    assert edited(name, PROTECTED) == PROTECTED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0, -0.5, 1.5, True])
def test_a_share_out_of_range_is_refused(name: str, share: float) -> None:
    with pytest.raises(PerturbationError, match=r"share: found .* expected"):
        edited(name, "It is.", share)


@pytest.mark.parametrize("name", NAMES)
def test_no_built_in_reply_loses_a_number_or_gains_a_wrong_article(name: str) -> None:
    if not BUILTIN:
        pytest.skip("the built-in English corpus is not there")
    rows = [json.loads(line) for path in BUILTIN for line in path.read_text(encoding="utf-8").splitlines()]
    wrong = re.compile(
        r"\ban? (?:a|an|the|more|enough)\b|\b(?:a [aeio][a-z]+|an [b-df-gj-np-tv-z][a-z]+)\b", re.IGNORECASE
    )
    for row in rows:
        for text in (row["response_a"], row["response_b"]):
            result = edited(name, text)
            assert re.findall(r"\d+", result) == re.findall(r"\d+", text)
            assert set(wrong.findall(result)) <= set(wrong.findall(text))


@given(st.text(), st.sampled_from(NAMES), st.floats(0.01, 1))
def test_any_text_keeps_its_digits(text: str, name: str, share: float) -> None:
    assert re.findall(r"\d", edited(name, text, share)) == re.findall(r"\d", text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", "\n", "👩‍👩‍👧 שלום", "😀" * 1000])
def test_a_text_without_sites_stays_as_it_is(name: str, text: str) -> None:
    assert edited(name, text) == text
