package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What do I owe?",
                "When do I get paid?",
                "Did we pay the invoice?",
                "How much do I still have to pay?",
                "Where is my order?",
                "Is the red one mine?",
                "What have you sent us?",
                "Us and them: who pays?",
                "CAN YOU TELL US THE FEES?",
                "I\u2019ve lost a card",
                "i'm locked out",
                "ive lost a card",
                "Let's see what we have",
                "Our contract ends when?",
                "Show me the invoice",
                "Can one of us sign it alone?",
                "Was kostet mein Konto?",
                "Kann ich k\u00fcndigen?",
                "Kann man mir helfen?",
                "Wann bekommen wir das Geld?",
                "Was schuldet ihr uns?",
                "Wie hoch ist unsere Rechnung?",
                "Wo ist unsre Bestellung?",
                "Hab noch keine Karte bekommen",
                "J'ai quel solde ?",
                "J\u2019ai quel solde ?",
                "j ai perdu ma carte",
                "Ai-je encore droit au remboursement ?",
                "Combien dois-je payer ?",
                "Quand est-ce qu'on m'a pr\u00e9lev\u00e9 ?",
                "O\u00f9 est notre commande ?",
                "Ce compte est-il le mien ?",
                "\u00bfCu\u00e1nto tengo en la cuenta?",
                "\u00bfPuedo cancelar?",
                "\u00bfCu\u00e1nto debo?",
                "\u00bfHe pagado la factura?",
                "\u00bfD\u00f3nde est\u00e1 mi pedido?",
                "\u00bfEs para m\u00ed?",
                "\u00bfTenemos saldo?",
                "\u00bfCu\u00e1ndo pago?",
                "\u00bfQuieren hablar conmigo?"
            })
    void a_question_of_somebody_is_personal(String question) {
        assertThat(Wording.isPersonal(question)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What does a transfer cost?",
                "How is a card blocked?",
                "What is the US tax rate?",
                "Which fees are there in the us?",
                "Who has to pay in the U.S.?",
                "How does one close an account?",
                "Which documents are needed, i.e. which form?",
                "How is I/O billed?",
                "Is the bus on time?",
                "What is a BIN number?",
                "Does the weather change?",
                "Was kostet eine \u00dcberweisung im Ausland?",
                "Wie sperrt man eine Karte?",
                "Welche Geb\u00fchren gibt es?",
                "Quel est le prix d'un virement ?",
                "Comment bloquer une carte ?",
                "\u00bfCu\u00e1nto cuesta una transferencia?",
                "\u00bfQu\u00e9 m\u00e9todos de pago hay?",
                "What did he do?",
                "",
                "?!"
            })
    void a_question_of_anybody_is_not(String question) {
        assertThat(Wording.isPersonal(question)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What is the fee now?",
                "Is it open today?",
                "What is today\u2019s rate?",
                "Who won yesterday?",
                "What happened two days ago?",
                "What happened this week?",
                "What is on next Friday?",
                "Who won last night?",
                "What is the exchange rate?",
                "What is it at the  moment?",
                "Is the offer still valid?",
                "How long until Christmas?",
                "What time is it?",
                "Wie ist der aktuelle Kurs?",
                "Was gilt seit letzter Woche?",
                "Wann ist morgen ge\u00f6ffnet?",
                "Was gibt es zurzeit?",
                "Was gilt im Moment?",
                "Was ist n\u00e4chsten Montag?",
                "Was ist naechsten Montag?",
                "Wie sp\u00e4t ist es?",
                "Est-ce ouvert aujourd'hui ?",
                "Est-ce ouvert aujourd\u2019hui ?",
                "Quel est le taux en ce moment ?",
                "Qu'est-ce qui change cette ann\u00e9e ?",
                "Quelle est la derni\u00e8re version ?",
                "Quelle heure est-il ?",
                "\u00bfEst\u00e1 abierto hoy?",
                "\u00bfEst\u00e1 abierto ma\u00f1ana?",
                "\u00bfEsta abierto manana?",
                "\u00bfQu\u00e9 pas\u00f3 el mes pasado?",
                "\u00bfCu\u00e1l es la \u00faltima versi\u00f3n?",
                "\u00bfQu\u00e9 hora es?"
            })
    void a_question_about_the_time_being_is_of_now(String question) {
        assertThat(Wording.isOfNow(question)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What does a transfer cost?",
                "How do I close an account?",
                "Is it actually free?",
                "Do you know the answer?",
                "At which moment is it charged?",
                "How does this work?",
                "Which is the last step?",
                "Was kostet eine \u00dcberweisung?",
                "Guten Morgen, was kostet eine \u00dcberweisung?",
                "Diese Karte sperren",
                "Quel est le prix d'un virement ?",
                "Cette carte est-elle gratuite ?",
                "\u00bfCu\u00e1nto cuesta una transferencia?",
                "\u00bfQu\u00e9 es este cargo?"
            })
    void a_question_that_is_the_same_at_any_time_is_not(String question) {
        assertThat(Wording.isOfNow(question)).isFalse();
    }

    @Test
    void letters_with_marks_of_their_own_are_the_same_letters() {
        assertThat(Wording.isOfNow("\u00bfEsta abierto man\u0303ana?")).isTrue();
        assertThat(Wording.isPersonal("\uff4d\uff59 order")).isTrue();
    }
}
