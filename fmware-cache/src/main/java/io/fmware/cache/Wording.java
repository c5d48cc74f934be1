package io.fmware.cache;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the words of a question say of its answer: whether it is true for now alone, or for whoever asks. Words of English,
 * German, French and Spanish; in doubt it says yes, and an answer is not cached, or kept for one user alone.
 *
 * <p>Words are compared without case and accents, which many leave out.
 */
final class Wording {
    private static final Pattern APOSTROPHES = Pattern.compile("[\u2018\u2019\u02bc\u00b4`\uff07]");
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

    private static final String MONTHS =
            "|january|february|march|april|may|june|july|august|september|october|november|december";
    private static final String PERIOD =
            "\\s+(?:few\\s+|couple\\s+of\\s+|\\d+\\s+)?(?:(?:second|minute|hour|day|night|morning|"
                    + "afternoon|evening|week|weekend|month|quarter|year|season|spring|summer|autumn|fall|winter)s?|"
                    + "(?:mon|tues|wednes|thurs|fri|satur|sun)day" + MONTHS + ")\\b";
    private static final String ZEITRAUM = "\\s+(?:stunden?|tage?n?|nacht|woche\\w*|monat\\w*|quartals?|jahr\\w*|"
            + "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|fruhling|sommer|herbst|winter)\\b";
    private static final String PERIODE =
            "\\s+(?:matin|soir|midi|nuit|semaine|week-end|mois|annee|trimestre|apres-midi|ete|"
                    + "hiver|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\\b";
    private static final String PERIODO =
            "\\s+(?:momento|semana|noche|manana|tarde|mes|ano|trimestre|fin\\s+de\\s+semana|"
                    + "verano|invierno|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\\b";
    private static final String STILL = "\\s+(?:open|closed|valid|available|running|possible|there|offered|in\\s+stock|"
            + "ouverte?s?|valables?|disponibles?|valides?|possibles?|offen|geoffnet|geoeffnet|gultig|gueltig|verfugbar|"
            + "abiert[oa]s?|vigentes?|valid[oa]s?)\\b";

    private static final Vocabulary TIME = new Vocabulary(
            "now currently current today tonight tomorrow yesterday latest newest recent recently nowadays presently upcoming "
                    + "ago weather forecast news "
                    + "heute jetzt gerade gestern vorgestern morgen ubermorgen uebermorgen kurzlich kuerzlich neulich vorhin "
                    + "soeben zurzeit bisher inzwischen mittlerweile nachrichten "
                    + "aujourd maintenant actuel actuels actuelle actuelles actuellement actualite actualites hier demain "
                    + "dernier derniers derniere dernieres prochain prochains prochaine prochaines recents recente recentes "
                    + "recemment desormais meteo "
                    + "hoy ahora actual actuales actualmente actualidad ayer anteayer anoche manana ultimo ultimos ultima "
                    + "ultimas proximo proximos proxima proximas pasado pasada pasados pasadas reciente recientes "
                    + "recientemente clima pronostico noticias",
            "heutig jetzig aktuell derzeit gestrig morgig momentan neueste neuste gegenwartig gegenwaertig wetter",
            "guten morgen",
            timeBegins());

    private static final Vocabulary PERSON = new Vocabulary(
            "my mine myself me we us our ours ourselves ive "
                    + "ich mir mich wir uns hab habe "
                    + "je moi mon ma mes mien mienne miens miennes nous notre nos notres "
                    + "yo mi mis mio mia mios mias conmigo nosotros nosotras tengo debo puedo quiero necesito hago soy estoy "
                    + "voy gano perdi pague recibi pedi hice tuve tenemos debemos podemos hemos estamos somos queremos "
                    + "necesitamos pagamos recibimos vamos dime dame decirme darme enviarme ayudarme pagarme",
            "mein unser unsr nuestr",
            "the us",
            personBegins());

    private Wording() {}

    private static Map<String, String> timeBegins() {
        Map<String, String> begins = new HashMap<>(Map.ofEntries(
                Map.entry("at", "\\s+(?:the\\s+moment|present)\\b"),
                Map.entry("so", "\\s+far\\b"),
                Map.entry("as", "\\s+of\\b"),
                Map.entry("up", "[\\s-]+to[\\s-]+date\\b"),
                Map.entry("these", "\\s+days\\b"),
                Map.entry("what", "\\s+(?:time\\b|(?:day|date|month|year)\\s+is\\b)"),
                Map.entry("how", "\\s+(?:long|many\\s+\\w+)\\s+(?:\\w+\\s+){0,3}(?:until|till|left|since)\\b"),
                Map.entry("exchange", "\\s+rates?\\b"),
                Map.entry("stock", "\\s+prices?\\b"),
                Map.entry("share", "\\s+prices?\\b"),
                Map.entry("zur", "\\s+zeit\\b"),
                Map.entry("im", "\\s+(?:moment|augenblick)\\b"),
                Map.entry("wie", "\\s+(?:spat|spaet|viel\\s+uhr)\\b"),
                Map.entry("en", "\\s+(?:ce\\s+moment|este\\s+momento)\\b"),
                Map.entry("a", "\\s+ce\\s+jour\\b"),
                Map.entry("ces", "\\s+jours\\b"),
                Map.entry("quel", "\\s+jour\\b"),
                Map.entry("quelle", "\\s+heure\\b"),
                Map.entry("que", "\\s+(?:hora|dia)\\b")));
        List.of("still", "noch", "encore", "sigue").forEach(word -> begins.put(word, STILL));
        List.of("this", "last", "next", "past", "coming", "previous").forEach(word -> begins.put(word, PERIOD));
        List.of("ce", "cet", "cette").forEach(word -> begins.put(word, PERIODE));
        List.of("este", "esta").forEach(word -> begins.put(word, PERIODO));
        for (String stem : List.of("dies", "letzt", "nachst", "naechst", "kommend", "vergangen", "vorig")) {
            List.of("e", "en", "er", "es", "em").forEach(ending -> begins.put(stem + ending, ZEITRAUM));
        }
        return begins;
    }

    private static Map<String, String> personBegins() {
        Map<String, String> begins = new HashMap<>(Map.of(
                "i", "(?!/o\\b|\\.e\\b)",
                "j", "'\\p{L}|\\s+ai\\b",
                "m", "'\\p{L}",
                "he", "\\s+(?:\\w+[ai]do|hecho|visto|puesto|dicho|escrito|abierto)\\b"));
        for (String word : List.of("cuanto", "cuando", "donde", "como", "que", "si", "no", "ya")) {
            begins.put(word, "\\s+(?:pago|recibo|uso|cambio|gasto|cobro|cancelo|envio|compro)\\b");
        }
        return begins;
    }

    static boolean isOfNow(String question) {
        return TIME.isSpokenIn(plain(question));
    }

    static boolean isPersonal(String question) {
        return PERSON.isSpokenIn(plain(question));
    }

    private static String plain(String text) {
        String ascii = APOSTROPHES.matcher(text).replaceAll("'");
        return Normalizer.isNormalized(ascii, Normalizer.Form.NFKD)
                ? MARKS.matcher(ascii).replaceAll("")
                : MARKS.matcher(Normalizer.normalize(ascii, Normalizer.Form.NFKD))
                        .replaceAll("");
    }

    /** Words, looked up one by one: a pattern of all of them takes milliseconds for a prompt of 10 KB. */
    private static final class Vocabulary {
        private final Set<String> words;
        private final List<String> stems;
        private final Set<String> exceptions;
        private final Map<String, Pattern> begins = new HashMap<>();

        /**
         * @param words words, separated by spaces
         * @param stems beginnings of words
         * @param exception two words of which the second one does not count
         * @param begins words that count where a pattern follows
         */
        Vocabulary(String words, String stems, String exception, Map<String, String> begins) {
            this.words = Set.of(words.split(" "));
            this.stems = List.of(stems.split(" "));
            this.exceptions = Set.of(exception);
            begins.forEach((word, rest) -> this.begins.put(word, Pattern.compile(rest, Pattern.CASE_INSENSITIVE)));
        }

        boolean isSpokenIn(String text) {
            String before = "";
            int at = 0;
            while (at < text.length()) {
                int end = endOfWord(text, at);
                if (end == at) {
                    at++;
                    continue;
                }
                String written = text.substring(at, end);
                String word = written.toLowerCase(Locale.ROOT);
                if (counts(word, text, end) && !exceptions.contains(before + " " + word) && !isCountry(written, text)) {
                    return true;
                }
                before = word;
                at = end;
            }
            return false;
        }

        private static int endOfWord(String text, int start) {
            int end = start;
            while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                end++;
            }
            return end;
        }

        private boolean counts(String word, String text, int end) {
            if (words.contains(word)) {
                return true;
            }
            Pattern rest = begins.get(word);
            return rest == null
                    ? hasStem(word)
                    : rest.matcher(text).region(end, text.length()).lookingAt();
        }

        private boolean hasStem(String word) {
            for (String stem : stems) {
                if (word.startsWith(stem)) {
                    return true;
                }
            }
            return false;
        }

        /** "US" is the country, but where everything is in capitals. */
        private static boolean isCountry(String written, String text) {
            return written.equals("US") && text.chars().anyMatch(Character::isLowerCase);
        }
    }
}
