package io.fmware.benchmarks;

/** Texts of 2 KB: an answer of a support assistant, without and with secrets in it. */
final class RedactionTexts {
    static final int LENGTH = 2048;

    private static final String ANSWER = """
            Thank you for reaching out. A transfer within the country usually arrives on the next working day, and one to another
            country takes two to five working days. If you made it on a Friday evening, or before a public holiday, please allow for
            one more day. You can follow its state under Payments, Activity, and then by tapping the transfer itself: "sent" means
            that it left us, "received" that the other bank has confirmed it.

            If the money has not arrived after five working days, there are three things to check. First, compare the name and the
            account of the recipient with what you typed; a single wrong digit is the most common reason. Second, ask the recipient
            whether the bank is asking for a document, since some banks hold a first payment until they have seen one. Third, look
            for a message from us: when a payment is returned, the amount is back in your account within two days, less the fee that
            the other bank may take. We do not charge for a returned payment.

            You also asked about the card. A replacement costs 5.00 EUR, or nothing if the old one was stolen, and takes 7 to 10 days.
            Until it is there you can go on paying with the virtual one; its limit is 1,500 EUR per month and can be changed in the
            settings (Cards, Limits). Please never tell anybody your PIN or a code from a text message: nobody who works here will
            ask for it, by phone or otherwise. If somebody did, freeze the card at once and write to us; the freeze takes effect at
            the same moment, and you can lift it just as quickly.

            Last, the exchange rate. We take the rate of the market at the time of the payment, without a margin on weekdays; on
            weekends 0.5% is added, because the markets are closed. The rate that you saw on 12 March was the one of a Saturday, which
            explains the difference of some cents that you noticed. Is there anything else that I can help you with today?
            """;

    private RedactionTexts() {}

    static String prose() {
        return (ANSWER + ANSWER).substring(0, LENGTH);
    }

    /** The same with eight secrets in the place of as many characters. */
    static String withSecrets() {
        StringBuilder text = new StringBuilder(prose());
        String[] secrets = {
            " sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6 ",
            " jane.doe+news@bank.example ",
            " Authorization: Bearer 9f86d081884c7d659a2feaa0c55ad015 ",
            " 4111 1111 1111 1111 ",
            " DE89 3704 0044 0532 0130 00 ",
            " password=correct-horse-7 ",
            " ghp_0123456789abcdefghijABCDEFGHIJ012345 ",
            " 192.0.2.44 ",
        };
        int at = 100;
        for (String secret : secrets) {
            text.replace(at, at + secret.length(), secret);
            at += LENGTH / secrets.length;
        }
        return text.toString();
    }
}
