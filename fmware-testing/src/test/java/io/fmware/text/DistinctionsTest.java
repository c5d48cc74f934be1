package io.fmware.text;

import static io.fmware.text.Distinctions.between;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    NEGATION | How do I cancel my order? | How do I not cancel my order?
                    NEGATION | Can I drive in France? | Can't I drive in France?
                    NEGATION | Is it safe to eat raw eggs? | Is it unsafe to eat raw eggs?
                    NEGATION | Why does my card work abroad? | Why doesn't my card work abroad?
                    NEGATION | Should I ever take aspirin with wine? | Should I never take aspirin with wine?
                    NEGATION | a flight with baggage | a flight without baggage
                    NEGATION | Is the offer valid? | Is the offer no longer valid?
                    NEGATION | Does it rain in Atacama? | Does it hardly rain in Atacama?
                    NEGATION | Which fees are refundable? | Which fees are non-refundable?
                    NEGATION | Which drinks are alcoholic? | Which drinks are nonalcoholic?
                    NEGATION | Is it possible to undo a commit? | Is it impossible to undo a commit?
                    NEGATION | dont send me emails | send me emails
                    NEGATION | I am able to log in | I am unable to log in
                    NEGATION | Delete all files | Delete all files except logs
                    NEGATION | Kann ich kündigen? | Kann ich nicht kündigen?
                    NEGATION | Ich möchte ein Konto | Ich möchte kein Konto
                    NEGATION | Je veux annuler | Je ne veux pas annuler
                    NEGATION | Quiero cancelar mi pedido | No quiero cancelar mi pedido
                    NEGATION | Yes, refunds are possible | No, refunds are possible
                    NEGATION | People who do not smoke and do not drink | People who smoke and drink
                    NEGATION | How to remove an unused file that is not needed? | How to remove a used file that is needed?
                    NEGATION | Which of these are not all bad? | Which of these are all bad?
                    ANTONYM | How do I enable notifications? | How do I disable notifications?
                    ANTONYM | What happens before I cancel? | What happens after I cancel?
                    ANTONYM | How do I increase my limit? | How do I decrease my limit?
                    ANTONYM | Is the old model better? | Is the new model better?
                    ANTONYM | Who is the tallest player? | Who is the shortest player?
                    ANTONYM | What is the maximum length? | What is the minimum length?
                    ANTONYM | How do I turn on the heating? | How do I turn off the heating?
                    ANTONYM | Is it hopeful? | Is it hopeless?
                    ANTONYM | I do not like the old house | I do not like the new house
                    NUMBER | What can I buy for 5 days? | What can I buy for 15 days?
                    NUMBER | two tickets to Rome | three tickets to Rome
                    NUMBER | the 1.5 release | the 1.6 release
                    NUMBER | pay 1,000 EUR | pay 10,000 EUR
                    NUMBER | What happened on 2024-01-05? | What happened on 2024-01-06?
                    NUMBER | What happened on 5 January 2024? | What happened on 5 January 2023?
                    NUMBER | a discount of 5% | a discount of 50%
                    NUMBER | pay 1.000 Euro | pay 1 Euro
                    NUMBER | in its third year | in its fourth year
                    NUMBER | is it -5 degrees? | is it 5 degrees?
                    NUMBER | one hundred and five items | one hundred and six items
                    NUMBER | upgrade from 1.2.3 | upgrade from 1.2.4
                    NUMBER | How do I install Python 3.1? | How do I install Python 3.10?
                    NUMBER | use 2.0 here | use 2.00 here
                    NUMBER | is it minus 5 degrees? | is it 5 degrees?
                    NUMBER | is it minus one degree? | is it one degree?
                    CODE | meet at 5:30 | meet at 6:30
                    NUMBER | What is 10² here? | What is 102 here?
                    UNIT | How far is 5 km? | How far is 5 miles?
                    UNIT | pay $100 | pay €100
                    UNIT | a loan for 5 years | a loan for 5 months
                    UNIT | a discount of 5% | a discount of 5 EUR
                    UNIT | How many kilometres is it? | How many miles is it?
                    UNIT | meet at 5 am | meet at 5 pm
                    UNIT | Is 5 mW enough? | Is 5 MW enough?
                    UNIT | Is 5mW enough? | Is 5MW enough?
                    UNIT | Is 5 Mb enough? | Is 5 MB enough?
                    UNIT | a radio at 5 MHz | a radio at 5 mHz
                    UNIT | is 5 m enough? | is 5 M enough?
                    UNIT | Is 5 ‰ ok? | Is 5 % ok?
                    UNIT | Is 5 % ok? | Is 5 ok?
                    ROLES | convert MW to mW | convert mW to MW
                    BOUND | hotels under 100 EUR | hotels over 100 EUR
                    BOUND | hotels under 100 EUR | hotels for 100 EUR
                    BOUND | at least 5 days | at most 5 days
                    BOUND | at least 5 days | 5 days
                    BOUND | more than 5 people | less than 5 people
                    BOUND | no more than 5 people | more than 5 people
                    BOUND | films before 1990 | films after 1990
                    BOUND | up to 5 users | 5 users
                    ENTITY | What is the weather in Paris like today? | What is the weather like today?
                    ENTITY | What does the EU say about cookies? | What does the UN say about cookies?
                    ENTITY | Who is Angela Merkel? | Who is Olaf Scholz?
                    ENTITY | World War I causes | World War II causes
                    ENTITY | Was kostet ein Ticket nach Berlin? | Was kostet ein Ticket nach Hamburg?
                    CODE | What does `List` do? | What does `Set` do?
                    CODE | What does grep -v do? | What does grep -i do?
                    CODE | What does git push --force do? | What does git push --tags do?
                    CODE | open /etc/passwd | open /etc/hosts
                    CODE | read https://a.example/x | read https://a.example/y
                    CODE | What is error E1234? | What is error E1235?
                    CODE | use max_tokens | use min_tokens
                    CODE | call parseInt here | call parseFloat here
                    CODE | What does "idempotent" mean? | What does "nilpotent" mean?
                    CODE | is a < b? | is a > b?
                    CODE | 2 + 2 | 2 * 2
                    CODE | learn C++ quickly | learn C# quickly
                    CODE | write to a@example.com | write to b@example.com
                    ROLES | a flight from Paris to London | a flight from London to Paris
                    ROLES | Does Alice love Bob? | Does Bob love Alice?
                    ROLES | A sends B money | B sends A money
                    ROLES | Bob paid Alice | Bob was paid by Alice
                    ROLES | Do I owe you money? | Do you owe me money?
                    ROLES | convert km to miles | convert miles to km
                    ROLES | Is Paris bigger than London? | Is London bigger than Paris?
                    ROLES | raise it from 5 to 10 | raise it from 10 to 5
                    ROLES | transfer money to my savings account | transfer money from my savings account
                    ROLES | What is 7 / 5? | What is 5 / 7?
                    ROLES | What is 7 - 5? | What is 5 - 7?
                    ROLES | What is 7-5? | What is 5-7?
                    ROLES | What is seven divided by five? | What is five divided by seven?
                    ROLES | a ratio of 3 to 4 | a ratio of 4 to 3
                    ROLES | Only admins can delete | Admins can only delete
                    ROLES | Just admins can delete it | Admins can just delete it
                    ROLES | Even cats eat fish | Cats eat even fish
                    ROLES | Nur Admins können löschen | Admins können nur löschen
                    ROLES | Solo los admins pueden borrar | Los admins pueden solo borrar
                    WORD | How do I cancel my card? | How do I freeze my card?
                    WORD | When was Einstein born? | Where was Einstein born?
                    WORD | Can I leave the ship? | Must I leave the ship?
                    WORD | Do all cats purr? | Do some cats purr?
                    WORD | Is he guilty? | Is she guilty?
                    WORD | How long is the Nile? | How old is the Nile?
                    WORD | Open to members | Open only to members
                    WORD | hotels in paris | hotels in london
                    WORD | Что такое кошка? | Что такое собака?
                    WORD | 我要取消订单 | 我不要取消订单
                    CONTENTLESS | yes | What is the capital of France?
                    CONTENTLESS | yes | no
                    WORD | a cat | a dog
                    """)
    void keeps_apart_what_differs_in(Distinction reason, String asked, String known) {
        assertThat(between(asked, known)).contains(reason);
        assertThat(between(known, asked)).isEqualTo(between(asked, known));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    How do I cancel my card? | How can I cancel my card, please?
                    How do I cancel my card? | How to cancel my card
                    How do I cancel my card? | how do i cancel my cards
                    It is not easy to explain. | It's difficult to explain.
                    It's not impossible to undo it. | It's possible to undo it.
                    This is unsafe. | This is not safe.
                    That's wrong, isn't it? | That's not right, is it?
                    I can't not laugh at it | I can laugh at it
                    5 km from here | 5 kilometres from here
                    five tickets | 5 tickets
                    a bag of 3.1 kg | a bag of 3.10 kg
                    pay $3.1 for it | pay $3.10 for it
                    pay 3.1 EUR for it | pay 3.10 EUR for it
                    pay 3.1 € for it | pay 3.10 € for it
                    3.5 million users | 3.50 million users
                    is it minus 5 degrees? | is it -5 degrees?
                    What is 7 + 5? | What is 5 + 7?
                    I only have 5 tickets | I have only 5 tickets
                    What is 10² here? | What is 10^2 here?
                    one ticket to Rome | 1 ticket to Rome
                    pay 1,000 EUR | pay 1000 euros
                    pay $5 | pay 5 dollars
                    5% discount | 5 percent discount
                    5 % discount | 5% discount
                    5 KM from here | 5km from here
                    a bag of 5 KG | a bag of 5 kg
                    a file of 5 mb | a file of 5 MB
                    a heater of 2 kW | a heater of 2 kilowatts
                    5 million users | 5,000,000 users
                    5k users | 5000 users
                    What happened on January 5, 2024? | What happened on 5 January 2024?
                    What happened on 2024-01-05? | What happened on Jan 5th, 2024?
                    twenty-five days | 25 days
                    two hundred and five days | 205 days
                    １２３ days | 123 days
                    hotels for less than 100 EUR | hotels under 100 EUR
                    no more than 5 people | at most 5 people
                    hotels in Paris | Hotels in paris
                    Where's Paris? | where is Paris
                    What does `List` do? | What does List do?
                    What does "idempotent" mean? | What does idempotent mean?
                    a flight from Paris to London | a flight to London from Paris
                    The app reverted my top-up | My top up was reverted by the app
                    Can I get a refund? | Could I get a refund?
                    I don't want to cancel my order | I do not want to cancel my order
                    can't log in | cannot log in
                    cant log in | can't log in
                    I didn't receive my card | I did not receive my card
                    I am unable to log in | I am not able to log in
                    Is there a fee for transfers? | Is there a charge for transfers?
                    What is GPT-4? | What is GPT4?
                    What is the U.S. population? | What is the US population?
                    using JavaScript today | using javascript today
                    What is the colour of the sky? | What is the color of the sky?
                    Please explain photosynthesis to me | Explain photosynthesis
                    can\u200bcel my card | cancel my card
                    “quoted” text | "quoted" text
                    is it raining? | Is it raining
                    What's the e-mail address? | What's the email address?
                    Tomorrow, will it rain in Rome? | Will it rain in Rome tomorrow?
                    Wie kündige ich mein Konto? | wie kündige ich mein konto
                    """)
    void finds_nothing_between_paraphrases(String asked, String known) {
        assertThat(between(asked, known)).isEmpty();
        assertThat(between(known, asked)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "No.",
                "continue",
                "go on",
                "the second one",
                "and why?",
                "why?",
                "What about it?",
                "ok thanks",
                "tell me more",
                "what does that mean?",
                "Can you explain it again?",
                "that's right",
                "What about Paris?",
                "and in Paris?",
                "2",
                "option 3",
                "👍",
                "...",
                "it",
                "Are you sure?",
                "ja, bitte",
                "weiter",
                "",
                " ",
                "?"
            })
    void depends_on_what_came_before(String turn) {
        assertThat(Distinctions.isContentless(turn)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What is 2 + 2?",
                "What is the capital of France?",
                "How do I cancel my card?",
                "paris",
                "Write a poem",
                "That's not acceptable.",
                "Explain photosynthesis",
                "`ls`",
                "2 + 2",
                "What about the weather in Paris?"
            })
    void has_content_of_its_own(String turn) {
        assertThat(Distinctions.isContentless(turn)).isFalse();
    }

    @Test
    void a_turn_without_content_is_distinct_from_others_but_not_from_itself() {
        assertThat(between("yes", "continue")).contains(Distinction.CONTENTLESS);
        assertThat(between("yes", "Yes!")).isEmpty();
    }

    @Test
    void what_is_too_long_to_be_read_is_the_same_as_itself_alone() {
        String longer = "word ".repeat(Distinctions.LONGEST / 4);

        assertThat(between(longer, longer + " ")).isEmpty();
        assertThat(between(longer, longer + "more")).containsExactly(Distinction.LENGTH);
        assertThat(between("word", longer)).containsExactly(Distinction.LENGTH);
    }

    @Test
    void opposites_of_which_one_is_negated_say_the_same_unless_another_word_is_negated() {
        assertThat(between("This is not a good idea.", "This is a bad idea.")).isEmpty();
        assertThat(between("I do not like the old house.", "I like the new house."))
                .contains(Distinction.NEGATION, Distinction.ANTONYM);
        assertThat(between("It is never safe.", "It is dangerous.")).isNotEmpty();
    }

    @Test
    void the_reasons_cannot_be_changed() {
        assertThat(between("cancel it now", "keep it now")).isUnmodifiable();
        assertThat(between("same", "same")).isUnmodifiable();
    }
}
