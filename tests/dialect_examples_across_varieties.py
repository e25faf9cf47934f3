"""Examples of the rules that varieties share: (before, after) where one applies, and texts that it leaves alone."""

Examples = dict[tuple[int, str], tuple[list[tuple[str, str]], list[str]]]

EXAMPLES: Examples = {
    (16, "own self behind a preposition"): (
        [
            ("Do it by yourself.", "Do it by your own self."),
            ("They did it by themselves.", "They did it by their own self."),
            ("Take care of yourself.", "Take care of your own self."),
            ("She kept it to herself.", "She kept it to her own self."),
            ("We laughed at ourselves.", "We laughed at our own self."),
        ],
        [
            "You yourself said it.",
            "He hurt himself.",
            "by itself",
            "by oneself",
        ],
    ),
    (42, "no object of what is done to a thing just named"): (
        [
            ("Wash the rice and drain it.", "Wash the rice and drain."),
            ("Take the list and print it.", "Take the list and print."),
            ("Fold the shirts, then store them.", "Fold the shirts, then store."),
            ("Try the soup or freeze it.", "Try the soup or freeze."),
            ("Write a text and save it, then rest.", "Write a text and save, then rest."),
        ],
        [
            "Wash it.",
            "Wash the rice and drain it well.",
            "Meet him and like it.",
            "Take it and run.",
        ],
    ),
    (45, "it between as and a participle"): (
        [
            ("As mentioned above, it works.", "As it was mentioned above, it works."),
            ("as explained earlier", "as it was explained earlier"),
            ("As noted by the judge, it is late.", "As it was noted by the judge, it is late."),
            ("as shown below", "as it was shown below"),
            ("as described in the book", "as it was described in the book"),
        ],
        [
            "as it was mentioned above",
            "has mentioned above",
            "as above",
        ],
    ),
    (45, "it between as and be"): (
        [
            ("As is often the case, he was late.", "As it is often the case, he was late."),
            ("As was explained, it works.", "As it was explained, it works."),
            ("as is true of dogs", "as it is true of dogs"),
            ("as has been shown", "as it has been shown"),
            ("as can be seen", "as it can be seen"),
        ],
        [
            "Keep it as is.",
            "the same as is usual",
            "It is as it is.",
            "As it is the case",
        ],
    ),
    (48, "-s on a plural without -s"): (
        [
            ("Two sheep are missing.", "Two sheeps are missing."),
            ("Many deer live here.", "Many deers live here."),
            ("Three aircraft landed.", "Three aircrafts landed."),
            ("Several sheep got out.", "Several sheeps got out."),
            ("Four deer crossed the road.", "Four deers crossed the road."),
        ],
        [
            "The sheep is old.",
            "A deer ran away.",
            "It is a sheepdog.",
        ],
    ),
    (48, "-s on an irregular plural"): (
        [
            ("The children are asleep.", "The childrens are asleep."),
            ("Children learn fast.", "Childrens learn fast."),
            ("Our alumni meet in May.", "Our alumnis meet in May."),
            ("Those are the criteria.", "Those are the criterias."),
            ("Two oxen pulled it.", "Two oxens pulled it."),
        ],
        [
            "The children's room is upstairs.",
            "One child is asleep.",
            "That is child's play.",
            "A child-free evening",
        ],
    ),
    (49, "-fs for -ves"): (
        [
            ("The knives are sharp.", "The knifes are sharp."),
            ("Their wives came too.", "Their wifes came too."),
            ("The leaves are falling.", "The leafs are falling."),
            ("We put up two shelves.", "We put up two shelfs."),
            ("The wolves howl.", "The wolfs howl."),
        ],
        [
            "He leaves at noon.",
            "She lives here.",
            "It is a knife.",
            "They believe it.",
        ],
    ),
    (55, "plural of a mass noun"): (
        [
            ("You need more information.", "You need more informations."),
            ("We moved the furniture.", "We moved the furnitures."),
            ("Thanks for the advice.", "Thanks for the advices."),
            ("Check the equipment before you go.", "Check the equipments before you go."),
            ("She washed the clothing and went out.", "She washed the clothings and went out."),
        ],
        [
            "I know this information.",
            "I need a piece of good advice.",
            "Members of staff eat here.",
            "An information desk",
            "The furniture shop is closed.",
            "They research it.",
        ],
    ),
    (59, "possessive behind a demonstrative"): (
        [
            ("This friend of mine is kind.", "This my friend is kind."),
            ("that car of his", "that his car"),
            ("This plan of yours could work.", "This your plan could work."),
            ("These books of ours are old.", "These our books are old."),
            ("That house of theirs is big.", "That their house is big."),
        ],
        [
            "A friend of mine is kind.",
            "This friend of the family",
            "This is mine.",
        ],
    ),
    (59, "this before your"): (
        [
            ("Your question is a good one.", "This your question is a good one."),
            ("I read your question.", "I read this your question."),
            ("In your situation, I would wait.", "In this your situation, I would wait."),
            ("Talk about your problem.", "Talk about this your problem."),
            ("Your plan could work.", "This your plan could work."),
        ],
        [
            "This your plan could work.",
            "Both your ideas are good.",
            "All your questions matter.",
            "Your questions are good.",
        ],
    ),
    (62, "no article before a subject"): (
        [
            ("The deadline is next month.", "Deadline is next month."),
            ("The manager will call you.", "Manager will call you."),
            ("The train runs on time.", "Train runs on time."),
            ("The problem of noise remains.", "Problem of noise remains."),
            ("The idea that it works is old.", "Idea that it works is old."),
        ],
        [
            "I met the manager.",
            "The water is warm.",
            "The people agree.",
            "The Government decides.",
            "The best of it",
        ],
    ),
    (62, "no article before first and the like"): (
        [
            ("That was the first time.", "That was first time."),
            ("I read the main reason.", "I read main reason."),
            ("He told me the same story.", "He told me same story."),
            ("It is the best option.", "It is best option."),
            ("Turn to the second page.", "Turn to second page."),
        ],
        [
            "It happened the last week.",
            "They are the same.",
            "It is the best.",
            "The first step is easy.",
        ],
    ),
    (62, "no article before majority"): (
        [
            ("The majority of people agree.", "Majority of people agree."),
            ("for the majority of users", "for majority of users"),
            ("Put it with the rest of your things.", "Put it with rest of your things."),
            ("The rest of us stayed.", "Rest of us stayed."),
            ("in the majority of cases", "in majority of cases"),
        ],
        [
            "The majority agreed.",
            "A majority of them",
            "Get the rest you need.",
        ],
    ),
    (62, "no article before the adjective of a subject"): (
        [
            ("The ideal candidate will be patient.", "Ideal candidate will be patient."),
            ("The main reason is cost.", "Main reason is cost."),
            ("The first step is easy.", "First step is easy."),
            ("The new manager will call you.", "New manager will call you."),
            ("The local clinic can help.", "Local clinic can help."),
        ],
        [
            "I met the new manager.",
            "The ideal candidates will be patient.",
            "The cold water helps.",
            "The rich pay more.",
        ],
    ),
    (63, "no article before a noun"): (
        [
            ("He works as a teacher.", "He works as teacher."),
            ("Use it as a guide.", "Use it as guide."),
            ("As a parent, you are tired.", "As parent, you are tired."),
            ("It serves as a reminder.", "It serves as reminder."),
            ("She came as a guest.", "She came as guest."),
        ],
        [
            "As a result, he left.",
            "as a rule",
            "He met a teacher.",
            "as the teacher",
        ],
    ),
    (63, "no article before an adjective"): (
        [
            ("He works as a private teacher.", "He works as private teacher."),
            ("Use it as a quick guide.", "Use it as quick guide."),
            ("as a small gift", "as small gift"),
            ("As a new parent, you are tired.", "As new parent, you are tired."),
            ("It serves as a useful reminder.", "It serves as useful reminder."),
        ],
        [
            "as a last resort",
            "as a big part of it",
            "such a small gift",
            "as quick as a cat",
        ],
    ),
    (71, "that for those before a noun"): (
        [
            ("Those people are kind.", "That people are kind."),
            ("I know those books.", "I know that books."),
            ("Keep those receipts.", "Keep that receipts."),
            ("in those days", "in that days"),
            ("Those photos are old.", "That photos are old."),
        ],
        [
            "Those are mine.",
            "Those who know",
            "those famous for it",
        ],
    ),
    (71, "this for these before a noun"): (
        [
            ("These people are kind.", "This people are kind."),
            ("I like these books.", "I like this books."),
            ("Keep these receipts.", "Keep this receipts."),
            ("with these changes", "with this changes"),
            ("THESE PHOTOS", "THIS PHOTOS"),
        ],
        [
            "These are mine.",
            "These often fail.",
            "This book is old.",
            "Those who know",
        ],
    ),
    (71, "this for these before an adjective"): (
        [
            ("These small changes help.", "This small changes help."),
            ("I like these old books.", "I like this old books."),
            ("Take these simple steps.", "Take this simple steps."),
            ("with these new rules", "with this new rules"),
            ("These young people know it.", "This young people know it."),
        ],
        [
            "These are small.",
            "These small and old ones",
            "This old book",
        ],
    ),
    (78, "more before a comparative"): (
        [
            ("This one is better.", "This one is more better."),
            ("It got worse.", "It got more worse."),
            ("She runs faster than me.", "She runs more faster than me."),
            ("He feels stronger now.", "He feels more stronger now."),
            ("It was a cheaper option.", "It was a more cheaper option."),
        ],
        [
            "This one is more better.",
            "For better or worse, we stay.",
            "You had better go.",
            "They are better off.",
            "The older, the better.",
        ],
    ),
    (78, "most before a superlative"): (
        [
            ("It is the strongest argument.", "It is the most strongest argument."),
            ("the hardest part", "the most hardest part"),
            ("He took the cheapest seat.", "He took the most cheapest seat."),
            ("the biggest problem", "the most biggest problem"),
            ("the smallest mistake", "the most smallest mistake"),
        ],
        [
            "He is the strongest.",
            "the strongest of all",
            "the most hard part",
        ],
    ),
    (80, "more for -er"): (
        [
            ("It is easier now.", "It is more easy now."),
            ("This is safer than that.", "This is more safe than that."),
            ("She seems happier.", "She seems more happy."),
            ("a simpler way", "a more simple way"),
            ("It got funnier.", "It got more funny."),
        ],
        [
            "The easier it is, the better.",
            "That is easier said than done.",
            "It is easy.",
            "It is more easier.",
        ],
    ),
    (80, "most for -est"): (
        [
            ("the easiest way", "the most easy way"),
            ("It is the safest option.", "It is the most safe option."),
            ("the happiest day", "the most happy day"),
            ("Take the simplest step.", "Take the most simple step."),
            ("He is the busiest of them.", "He is the most busy of them."),
        ],
        [
            "at its easiest",
            "the easy way",
            "the most easy way",
        ],
    ),
    (81, "much for more"): (
        [
            ("It is more severe than before.", "It is much severe than before."),
            ("This is more expensive than that.", "This is much expensive than that."),
            ("He is more careless than me.", "He is much careless than me."),
            ("She seems more careful than he is.", "She seems much careful than he is."),
            ("It can be more difficult than you think.", "It can be much difficult than you think."),
        ],
        [
            "It is more severe.",
            "It is much more severe than before.",
            "He has more than enough.",
            "more people than before",
        ],
    ),
    (88, "progressive of a negated state"): (
        [
            ("I don't know the answer.", "I am not knowing the answer."),
            ("You do not need a lawyer.", "You are not needing a lawyer."),
            ("She doesn't want to go.", "She is not wanting to go."),
            ("They don't like it.", "They are not liking it."),
            ("We do not believe him.", "We are not believing him."),
        ],
        [
            "Don't you know it?",
            "I did not know it.",
            "They don't sleep well.",
            "I don't think so.",
        ],
    ),
    (88, "progressive of a state after a plural noun"): (
        [
            ("Children need sleep.", "Children are needing sleep."),
            ("Many people want to leave.", "Many people are wanting to leave."),
            ("Parents love this book.", "Parents are loving this book."),
            ("Users need the change.", "Users are needing the change."),
            ("Students understand it well.", "Students are understanding it well."),
        ],
        [
            "It helps people understand it.",
            "Helping people understand it is good.",
            "The need is great.",
            "Children sleep well.",
            "People like you",
        ],
    ),
    (88, "progressive of a state after a pronoun"): (
        [
            ("I know the answer.", "I am knowing the answer."),
            ("They want to leave.", "They are wanting to leave."),
            ("You need a lawyer.", "You are needing a lawyer."),
            ("She loves this song.", "She is loving this song."),
            ("He knows why it works.", "He is knowing why it works."),
        ],
        [
            "Do you know the answer?",
            "You know, it works.",
            "They know.",
            "He and I know it.",
            "I hope so.",
        ],
    ),
    (88, "progressive of a state after who"): (
        [
            ("people who need help", "people who are needing help"),
            ("Anyone who knows it can call.", "Anyone who is knowing it can call."),
            ("a man who wants to leave", "a man who is wanting to leave"),
            ("those who like it", "those who are liking it"),
            ("someone who understands you", "someone who is understanding you"),
        ],
        [
            "Who knows?",
            "people who live here",
            "those who can know it",
            "a man who slept",
        ],
    ),
    (88, "progressive of have after a pronoun"): (
        [
            ("I have a question.", "I am having a question."),
            ("You have many friends.", "You are having many friends."),
            ("She has two dogs.", "She is having two dogs."),
            ("If you have any questions, ask.", "If you are having any questions, ask."),
            ("They have several cars.", "They are having several cars."),
        ],
        [
            "I have to go.",
            "You have gone.",
            "Do you have a question?",
            "I have it.",
            "He could have a dog.",
        ],
    ),
    (88, "progressive of negated have"): (
        [
            ("I don't have a car.", "I am not having a car."),
            ("You do not have any questions.", "You are not having any questions."),
            ("She doesn't have a dog.", "She is not having a dog."),
            ("We don't have enough time.", "We are not having enough time."),
            ("They do not have many friends.", "They are not having many friends."),
        ],
        [
            "Don't you have a car?",
            "I don't have to go.",
            "He did not have a car.",
        ],
    ),
    (89, "progressive of a habit after a plural noun"): (
        [
            ("Children often ask why.", "Children are often asking why."),
            ("People usually eat at noon.", "People are usually eating at noon."),
            ("Children normally wait a week.", "Children are normally waiting a week."),
            ("Many students sometimes forget it.", "Many students are sometimes forgetting it."),
            ("Students always forget it.", "Students are always forgetting it."),
        ],
        [
            "Children are often tired.",
            "Children can often ask.",
            "The shop often closes early.",
        ],
    ),
    (89, "progressive of a habit after a pronoun"): (
        [
            ("I usually go there.", "I am usually going there."),
            ("She often works late.", "She is often working late."),
            ("They sometimes call us.", "They are sometimes calling us."),
            ("We normally eat at noon.", "We are normally eating at noon."),
            ("It usually takes a day.", "It is usually taking a day."),
        ],
        [
            "I usually am there.",
            "He can often work late.",
            "They always have been late.",
            "Do you often go there?",
        ],
    ),
    (99, "simple past with already and the like"): (
        [
            ("I have already eaten.", "I already ate."),
            ("She has never gone there.", "She never went there."),
            ("You've just missed it.", "You just missed it."),
            ("They have already told us.", "They already told us."),
            ("It has never worked.", "It never worked."),
        ],
        [
            "Have you already eaten?",
            "I have eaten.",
            "They have already been there.",
            "He already ate.",
        ],
    ),
    (123, "present modal after wish"): (
        [
            ("I wish I could help.", "I wish I can help."),
            ("She wishes he would call.", "She wishes he will call."),
            ("I wish that you could come.", "I wish that you can come."),
            ("We wish it would stop.", "We wish it will stop."),
            ("They wish they might stay.", "They wish they may stay."),
        ],
        [
            "I could help.",
            "I wish I could have helped.",
            "Best wishes, would you call?",
            "I wish you well.",
        ],
    ),
    (128, "regular form of an irregular verb"): (
        [
            ("He threw the ball.", "He throwed the ball."),
            ("They caught a cold.", "They catched a cold."),
            ("She taught us.", "She teached us."),
            ("It was thrown away.", "It was throwed away."),
            ("We sought help.", "We seeked help."),
        ],
        [
            "He throws the ball.",
            "a catch",
            "It was bought.",
        ],
    ),
    (130, "past tense for a participle"): (
        [
            ("He has gone home.", "He has went home."),
            ("They have already begun.", "They have already began."),
            ("I've forgotten it.", "I've forgot it."),
            ("She had taken the bus.", "She had took the bus."),
            ("You have never spoken to him.", "You have never spoke to him."),
        ],
        [
            "He is gone.",
            "They have seen it.",
            "We began.",
            "I have to go.",
        ],
    ),
    (145, "gotten for got"): (
        [
            ("I've got a car.", "I've gotten a car."),
            ("She has got two dogs.", "She has gotten two dogs."),
            ("If he's got any sense, he waits.", "If he's gotten any sense, he waits."),
            ("They have got the time.", "They have gotten the time."),
            ("You've got questions.", "You've gotten questions."),
        ],
        [
            "I've got to go.",
            "I got a car.",
            "Get it.",
            "He's getting it.",
        ],
    ),
    (147, "was for were after a noun in a condition"): (
        [
            ("If the car were mine, I would sell it.", "If the car was mine, I would sell it."),
            ("If your boss were here, he would laugh.", "If your boss was here, he would laugh."),
            ("as if the house were empty", "as if the house was empty"),
            ("I wish the house were bigger.", "I wish the house was bigger."),
            ("If a friend were sick, I would call.", "If a friend was sick, I would call."),
        ],
        [
            "If the cars were mine",
            "The cars were mine.",
            "If the car was mine",
        ],
    ),
    (147, "was for were in a condition"): (
        [
            ("If I were you, I would go.", "If I was you, I would go."),
            ("as if it were true", "as if it was true"),
            ("I wish he were here.", "I wish he was here."),
            ("If she were older, she could go.", "If she was older, she could go."),
            ("even though it were late", "even though it was late"),
        ],
        [
            "If they were here, I would go.",
            "We were here.",
            "If I was you",
        ],
    ),
    (158, "don't for doesn't"): (
        [
            ("He doesn't know.", "He don't know."),
            ("It does not matter.", "It don't matter."),
            ("Doesn’t she work here?", "Don't she work here?"),
            ("She doesn’t care.", "She don't care."),
            ("IT DOES NOT WORK", "IT DON'T WORK"),
        ],
        [
            "He did not.",
            "does nothing",
            "She does notice it.",
            "They don't know.",
        ],
    ),
    (170, "no -s after a pronoun"): (
        [
            ("It depends on you.", "It depend on you."),
            ("She works here.", "She work here."),
            ("What it means is clear.", "What it mean is clear."),
            ("He knows why.", "He know why."),
            ("someone who cares", "someone who care"),
        ],
        [
            "It is here.",
            "He has a car.",
            "They work here.",
            "Does he work?",
            "It does.",
        ],
    ),
    (170, "no -s after a singular noun"): (
        [
            ("The doctor asks the child.", "The doctor ask the child."),
            ("The teacher asks that we wait.", "The teacher ask that we wait."),
            ("The doctor knows the answer.", "The doctor know the answer."),
            ("The teacher knows how it works.", "The teacher know how it work."),
            ("The law protects the owner.", "The law protect the owner."),
        ],
        [
            "The doctor is here.",
            "Doctors ask.",
            "The company has a plan.",
            "They polish door handles every day.",
            "The blue rings",
        ],
    ),
    (170, "no -s after that at the beginning"): (
        [
            ("That makes sense.", "That make sense."),
            ("That sounds good.", "That sound good."),
            ("That works well.", "That work well."),
            ("That helps a lot.", "That help a lot."),
            ("That means nothing.", "That mean nothing."),
        ],
        [
            "That is good.",
            "the tool that makes it",
            "I know that dogs bark.",
            "That has a price.",
        ],
    ),
    (204, "than what before a noun"): (
        [
            ("He runs faster than his brother does.", "He runs faster than what his brother does."),
            ("It is more than your teacher knows.", "It is more than what your teacher knows."),
            ("It is worse than our teacher knew.", "It is worse than what our teacher knew."),
            ("It is later than his brother knew.", "It is later than what his brother knew."),
            ("It cost more than our budget allows.", "It cost more than what our budget allows."),
        ],
        [
            "He is older than his brother.",
            "It is more than the doctor.",
            "rather than the money",
        ],
    ),
    (204, "than what before a pronoun"): (
        [
            ("It is harder than you think.", "It is harder than what you think."),
            ("She runs faster than he can.", "She runs faster than what he can."),
            ("He knows more than they said.", "He knows more than what they said."),
            ("It costs more than it should.", "It costs more than what it should."),
            ("It is later than people know.", "It is later than what people know."),
        ],
        [
            "Rather than you, ask him.",
            "It is bigger than me.",
            "He is older than you.",
            "It is harder than what you think.",
        ],
    ),
    (208, "no to behind a noun"): (
        [
            ("Allow the child to go.", "Allow the child go."),
            ("It helps your body to heal.", "It helps your body heal."),
            ("This enables other users to work.", "This enables other users work."),
            ("They allowed my brother to stay.", "They allowed my brother stay."),
            ("It permits a judge to decide.", "It permits a judge decide."),
        ],
        [
            "Tell the child to go.",
            "Allow the child into the room.",
            "Help the child to the car.",
        ],
    ),
    (208, "no to behind a pronoun"): (
        [
            ("Allow him to go.", "Allow him go."),
            ("It helps you to sleep.", "It helps you sleep."),
            ("This enables us to work.", "This enables us work."),
            ("They allowed me to stay.", "They allowed me stay."),
            ("It permits people to vote.", "It permits people vote."),
        ],
        [
            "Ask him to go.",
            "Allow him time to go.",
            "It helps to sleep.",
            "Give it to him.",
        ],
    ),
    (209, "to behind a noun"): (
        [
            ("It makes your skin feel soft.", "It makes your skin to feel soft."),
            ("Let the child sleep.", "Let the child to sleep."),
            ("She made the boy wait.", "She made the boy to wait."),
            ("Let your friend know.", "Let your friend to know."),
            ("They let a child stay.", "They let a child to stay."),
        ],
        [
            "Make the bed.",
            "Let the child be.",
            "It makes the boy happy.",
        ],
    ),
    (209, "to behind a pronoun"): (
        [
            ("It made me feel better.", "It made me to feel better."),
            ("She makes him wait.", "She makes him to wait."),
            ("Let them decide.", "Let them to decide."),
            ("That makes it work.", "That makes it to work."),
            ("Letting someone sleep helps.", "Letting someone to sleep helps."),
        ],
        [
            "Let me know.",
            "Make it clear.",
            "It made me happy.",
            "Let's go.",
            "It made me to feel better.",
        ],
    ),
    (215, "but behind an although clause"): (
        [
            ("Although he tried, he failed.", "Although he tried, but he failed."),
            ("Although it is late, we can talk.", "Although it is late, but we can talk."),
            ("Even though she was tired, she went on.", "Even though she was tired, but she went on."),
            ("Though the car is old, it runs.", "Though the car is old, but it runs."),
            ("Although you are smart, there is a risk.", "Although you are smart, but there is a risk."),
        ],
        [
            "He failed, although he tried.",
            "Although he tried and tried, Anna failed.",
            "He tried, he failed.",
            "In fact, he failed.",
        ],
    ),
    (215, "so behind a because clause"): (
        [
            ("Because it rained, we stayed.", "Because it rained, so we stayed."),
            ("Because he was late, the train left.", "Because he was late, so the train left."),
            ("Because you asked, we will tell you.", "Because you asked, so we will tell you."),
            (
                "Because the shop is closed, there is no bread.",
                "Because the shop is closed, so there is no bread.",
            ),
            ("Because they won, everyone is happy.", "Because they won, so everyone is happy."),
        ],
        [
            "We stayed because it rained.",
            "He said, because it rained, he stayed.",
            "When it rained, we stayed.",
        ],
    ),
    (216, "no on before a day"): (
        [
            ("We meet on Monday.", "We meet Monday."),
            ("On Sundays, we rest.", "Sundays, we rest."),
            ("Come on Friday.", "Come Friday."),
            ("The shop opens on Tuesday.", "The shop opens Tuesday."),
            ("on Saturday morning", "Saturday morning"),
        ],
        [
            "It depends on Monday.",
            "on the day",
            "On Mon, we rest.",
        ],
    ),
    (216, "no preposition behind a verb"): (
        [
            ("Please reply to me.", "Please reply me."),
            ("Dispose of the waste.", "Dispose the waste."),
            ("She replied to them.", "She replied them."),
            ("How do I respond to it?", "How do I respond it?"),
            ("Dispose of any oil.", "Dispose any oil."),
        ],
        [
            "A reply to Anna came.",
            "I will reply.",
            "He disposed the waste.",
            "Listen to me.",
        ],
    ),
    (216, "no with behind provide and a pronoun"): (
        [
            ("I can provide you with a list.", "I can provide you a list."),
            ("It provided us with food.", "It provided us food."),
            ("This provides people with work.", "This provides people work."),
            ("They are providing him with help.", "They are providing him help."),
            ("Please provide me with the details.", "Please provide me the details."),
        ],
        [
            "It comes with food.",
            "I can provide food with it.",
            "We provide you a list.",
        ],
    ),
    (221, "adverb without -ly"): (
        [
            ("Act quickly.", "Act quick."),
            ("Please talk to him calmly about it.", "Please talk to him calm about it."),
            ("Do it safely.", "Do it safe."),
            ("He drives badly when it rains.", "He drives bad when it rains."),
            ("Wash it thoroughly before you eat.", "Wash it thorough before you eat."),
        ],
        [
            "Quickly, he left.",
            "It was badly made.",
            "He quickly left.",
            "She speaks very slowly.",
            "It is only a family.",
        ],
    ),
    (222, "too for very"): (
        [
            ("I am very happy.", "I am too happy."),
            ("The food was very good, and I ate.", "The food was too good, and I ate."),
            ("They're very kind.", "They're too kind."),
            ("It looks very nice.", "It looks too nice."),
            ("He was very helpful about it.", "He was too helpful about it."),
        ],
        [
            "It is very difficult.",
            "It is a very good idea.",
            "I am very happy to help.",
            "very good",
        ],
    ),
    (227, "did in an indirect question"): (
        [
            ("I wonder what he said.", "I wonder what did he say."),
            ("Do you know where she went?", "Do you know where did she go?"),
            ("Tell me how they knew it.", "Tell me how did they know it."),
            ("She asked why he left.", "She asked why did he leave."),
            ("I understand what they meant.", "I understand what did they mean."),
        ],
        [
            "He did what he said.",
            "That is what they found.",
            "I know what he had.",
            "What he said is true.",
        ],
    ),
    (227, "do in an indirect question"): (
        [
            ("I wonder what they think.", "I wonder what do they think."),
            ("Do you know where they live?", "Do you know where do they live?"),
            ("Tell me what you want.", "Tell me what do you want."),
            ("It depends, so decide how you feel.", "It depends, so decide how do you feel."),
            ("I understand how they work.", "I understand how do they work."),
        ],
        [
            "Do what you want.",
            "I know what they read.",
            "What you want is here.",
            "That is how they work.",
            "I know what they are.",
        ],
    ),
    (227, "does in an indirect question"): (
        [
            ("I wonder what he wants.", "I wonder what does he want."),
            ("Do you know where she lives?", "Do you know where does she live?"),
            ("Tell me how it works.", "Tell me how does it work."),
            ("She asked how long it takes.", "She asked how long does it take."),
            ("I understand why he says so.", "I understand why does he say so."),
        ],
        [
            "Do what he wants.",
            "That is how it works.",
            "I know what he is.",
            "I know what he has.",
        ],
    ),
    (227, "inversion of be and a noun"): (
        [
            ("I know what his name is.", "I know what is his name."),
            ("Tell me where the station is.", "Tell me where is the station."),
            ("Do you know who your teacher is?", "Do you know who is your teacher?"),
            ("She asked how my mother was.", "She asked how was my mother."),
            ("Find out what the best time is.", "Find out what is the best time."),
        ],
        [
            "What his name is, is a secret.",
            "I know what his name is not.",
            "I know his name.",
        ],
    ),
    (227, "inversion of be or a modal and a pronoun"): (
        [
            ("I wonder where he is.", "I wonder where is he."),
            ("Do you know what it is?", "Do you know what is it?"),
            ("Tell me how I can help you.", "Tell me how can I help you."),
            ("She asked why they were late.", "She asked why were they late."),
            ("I understand what you are saying.", "I understand what are you saying."),
        ],
        [
            "Do what you can.",
            "This is what it is.",
            "What is it?",
            "Whatever it is, wait.",
        ],
    ),
    (228, "no do in a wh-question"): (
        [
            ("What do you want?", "What you want?"),
            ("Where does he live?", "Where he lives?"),
            ("Why did they leave?", "Why they left?"),
            ("So, how do we start?", "So, how we start?"),
            ("When does it open?", "When it opens?"),
        ],
        [
            "What do you know.",
            "I know what do you want.",
            "What happened?",
            "Who did this?",
        ],
    ),
    (228, "subject before a modal in a wh-question"): (
        [
            ("What can I do?", "What I can do?"),
            ("Where should we go?", "Where we should go?"),
            ("How can I help you?", "How I can help you?"),
            ("When will they call?", "When they will call?"),
            ("Why would he leave?", "Why he would leave?"),
        ],
        [
            "Who can help?",
            "What can I do.",
            "I know what can I do?",
            "How could you?",
        ],
    ),
    (228, "subject before be in a wh-question"): (
        [
            ("What are you doing?", "What you are doing?"),
            ("Where is he going?", "Where he is going?"),
            ("Why are they laughing?", "Why they are laughing?"),
            ("How are you feeling?", "How you are feeling?"),
            ("What were we saying?", "What we were saying?"),
        ],
        [
            "How are you?",
            "What is it?",
            "What are you doing.",
            "Who is laughing?",
        ],
    ),
    (229, "no do in a yes/no question"): (
        [
            ("Do you like it?", "You like it?"),
            ("Does he work here?", "He works here?"),
            ("Did they leave?", "They left?"),
            ("Do you have any questions?", "You have any questions?"),
            ("Did she go home?", "She went home?"),
        ],
        [
            "So, do you like it?",
            "I ask: Do you like it?",
            "Do it?",
            "Don't you like it?",
            "What do you like?",
        ],
    ),
    (229, "subject before the auxiliary in a yes/no question"): (
        [
            ("Are you tired?", "You are tired?"),
            ("Is it true?", "It is true?"),
            ("Would you like to hear more?", "You would like to hear more?"),
            ("Have they gone?", "They have gone?"),
            ("Is this your car?", "This is your car?"),
        ],
        [
            "Where are you?",
            "Are the dogs tired?",
            "Is it?",
            "Should you need help, call.",
        ],
    ),
}


def of_features(numbers: str) -> Examples:
    """The examples of the shared rules of some features, whose numbers are separated by spaces."""
    return {key: examples for key, examples in EXAMPLES.items() if str(key[0]) in numbers.split()}
