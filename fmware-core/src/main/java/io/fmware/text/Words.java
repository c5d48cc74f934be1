package io.fmware.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Closed classes of words: those that carry no content, those that negate, and those that ask. */
final class Words {
    /** Carry grammar, not content. Prepositions and pronouns are among them. */
    static final Set<String> FUNCTION = set("""
            a an the this that these those there here then than as so such
            i me my mine myself you your yours yourself yourselves we us our ours ourselves u ur
            he him his himself she her hers herself it its itself they them their theirs themselves one ones
            someone somebody something anyone anybody anything everyone everybody everything
            who whom whose what which where when why how
            am is are was were be been being do does did done doing have has had having 's
            can could will would shall should may might must ought cannot able going gonna wanna gotta got get gets getting
            to of in on at by for from with about into onto upon through during over under above below between among
            against across along around behind beside besides beyond inside outside near off out up down per via
            toward towards within after before until till since while although though because if whether and or but
            also too either both even just still yet already now ever
            any some lot lots kind sort thing things way ways
            il la le les un une des du de et est ce que qui je tu nous vous ne se sa son mon ma mes ses au aux dans pour
            der die das den dem ein eine einen einem einer und ist sind ich du er sie es wir ihr mein meine meinen meiner
            dein deine zu zum zur im am an auf bei mit von f\u00fcr wie was wo wann warum wer kann
            el los las una unos unas y es son mi mis tu tus su sus en por para con como cuando donde puedo se lo
            """);

    /** Politeness and padding: a question is the same without. */
    static final Set<String> FILLERS = set("""
            please pls plz kindly thanks thank thx ty hi hello hey dear ok okay well oh um uh hmm yeah yep so
            really actually basically simply quite very rather pretty somehow exactly maybe perhaps currently
            want wants wanted need needs needed wish wondering wonder would like help tell know explain show let lets
            totally absolutely definitely certainly indeed either again anyway asap
            bitte danke hallo merci bonjour gracias hola por favor
            """);

    /** Together with function words these make turns that depend on what came before. */
    static final Set<String> FOLLOWING = set("""
            yes yeah yep yup no nope nah ok okay k exactly agreed absolutely definitely
            continue go on ahead proceed next previous again more another other others same else instead
            tell say explain elaborate clarify expand detail details repeat rephrase reword summarize summarise shorten
            shorter longer simpler simplify translate rewrite retry redo undo try show give make do mean means meant
            example examples reason please thanks thank you cool awesome wow lol hmm huh
            hi hello hey bye goodbye welcome sorry stop wait first second third fourth fifth last latter former
            option options number choice point step part item question answer
            think want like know need see understand get got help not never why really still
            ja nein genau weiter danke bitte warum und oui non merci encore continuez pourquoi si gracias vale sigue
            contin\u00faa porque dale da net dalej tak nie s\u00ec ancora ok\u00e9
            """);

    /** Alone or with one word more these say yes or no to what was said before; in longer turns they say something. */
    static final Set<String> CONSENT = set("sure fine right correct true false wrong great good nice perfect bad cool");

    /** Negates what follows it at once, so that two of them cancel each other out. */
    static final Set<String> PLAIN_NEGATORS = set("not");

    /** Negates too. */
    static final Set<String> NEGATORS = set("""
            not no never none nobody nothing nowhere neither nor without hardly scarcely barely seldom rarely
            unless except excluding lacks lack lacking unable noone
            nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder nirgends kaum
            pas jamais rien aucun aucune sans ni personne nulle
            nunca jam\u00e1s nada nadie ning\u00fan ninguna ninguno sin tampoco
            n\u00e3o nem non nessuno niente mai senza niet geen nooit niets zonder inte aldrig ingen ikke aldri ei
            \u043d\u0435 \u043d\u0435\u0442 \u043d\u0438\u043a\u043e\u0433\u0434\u0430 \u0431\u0435\u0437 \u043d\u0438 bez nigdy de\u011fil
            """);

    /** With "to" behind them, they say that something is not done. */
    static final Set<String> FAILING =
            set("fail fails failed failing refuse refuses refused refusing cease ceases ceased");

    /** A negation looks through them: "not looking good" is about what is good. */
    static final Set<String> TRANSPARENT = set("look feel seem sound think believ believe say appear");

    /** Quantities, frequencies and conditions that a negation may rest on. */
    static final Set<String> QUANTIFIERS =
            set("all every each both most few several many some only always often sometimes usually everybody everyone"
                    + " everything half enough solely merely exclusively never");

    /** What they say depends on where they stand: "only admins can", "admins can only". */
    static final Map<String, String> FOCUSING = classes("""
            only just solely merely exclusively nur seulement uniquement solo s\u00f3lo solamente
            even
            also auch aussi tambi\u00e9n
            """);

    /** A number behind them is below zero, unless another one stands before them. */
    static final Set<String> MINUS = set("minus negative");

    /** Between two numbers that may change places. */
    static final Set<String> COMMUTATIVE = set("and or nor + * \u00d7 x plus times = & und oder et ou y o");

    static final Map<String, String> MODALS = classes("""
            can could able may might
            should ought
            must shall
            """);

    static final Map<String, String> THIRD_PERSONS = classes("""
            he him his himself
            she her hers herself
            """);

    /** Without possessives: who does it, and to whom. */
    static final Map<String, String> PERSONS = classes("""
            i me
            you u
            he him
            she
            we us
            they them
            """);

    static final Set<String> PRONOUNS = set("i you he she it we they me him us them this that these there who");

    static final Set<String> AUXILIARIES = set(
            "am is are was were be do does did have has had can could will would shall should may might must ai wo");

    static final Set<String> OPENINGS = set("sure certainly absolutely okay ok alright great");

    static final Set<String> TAILS = set("right correct yeah yes no ok okay eh huh too either");

    static final Set<String> ARTICLES = set("a an the my your his her its our their this that these those");

    static final Set<String> PREPOSITIONS = set("""
            of in on at by for from with about into onto through over under above below between against across behind
            beyond inside outside off out to toward towards within after before until till since than via per as
            von nach zu aus bei mit de \u00e0 vers depuis para desde hacia hasta por vor hinter
            """);

    /** Opposite ends. */
    static final Map<String, String> DIRECTIONS = ends("""
            from to
            from into
            from onto
            from toward
            from towards
            from until
            from till
            before after
            since until
            since till
            above below
            over under
            in out
            into out
            inside outside
            on off
            von nach
            von zu
            de \u00e0
            de a
            desde hasta
            desde hacia
            desde a
            from than
            """);

    /** Their presence changes no claim. */
    static final Set<String> FREE =
            set("the a an this that these those of in on at is are be been am it its i you your we our my"
                    + " and to for with by has have do does so as also just then there here such even indeed");

    static final Set<String> ASKING = set("who whom whose where when why how");
    static final Set<String> OPEN_ASKING = set("what which");
    static final Set<String> MEASURES =
            set("long much many far old often big tall fast large high deep wide soon late");

    /** After an upper or lower bound comes its number. */
    static final Map<String, String> BOUNDS = Map.ofEntries(
            Map.entry("under", "<"),
            Map.entry("below", "<"),
            Map.entry("beneath", "<"),
            Map.entry("fewer", "<"),
            Map.entry("less", "<"),
            Map.entry("cheaper", "<"),
            Map.entry("younger", "<"),
            Map.entry("over", ">"),
            Map.entry("above", ">"),
            Map.entry("exceeding", ">"),
            Map.entry("exceeds", ">"),
            Map.entry("more", ">"),
            Map.entry("greater", ">"),
            Map.entry("older", ">"),
            Map.entry("beyond", ">"),
            Map.entry("least", ">="),
            Map.entry("minimum", ">="),
            Map.entry("min", ">="),
            Map.entry("from", ">="),
            Map.entry("most", "<="),
            Map.entry("maximum", "<="),
            Map.entry("max", "<="),
            Map.entry("up", "<="),
            Map.entry("within", "<="),
            Map.entry("before", "before"),
            Map.entry("after", "after"),
            Map.entry("since", "since"),
            Map.entry("until", "until"),
            Map.entry("till", "until"),
            Map.entry("unter", "<"),
            Map.entry("\u00fcber", ">"),
            Map.entry("mindestens", ">="),
            Map.entry("h\u00f6chstens", "<="),
            Map.entry("moins", "<"),
            Map.entry("plus", ">"),
            Map.entry("menos", "<"),
            Map.entry("m\u00e1s", ">"));

    /** May stand between a bound and its number. */
    static final Set<String> BEFORE_NUMBERS = set("than the a of to de que als age about around or");

    static final Set<String> CLITICS = set("s re ve ll d m");

    static final Map<String, String> SHORTENED = Map.of("can", "can", "won", "will", "shan", "shall", "ain", "is");

    static final Map<String, String> WITHOUT_APOSTROPHE = Map.ofEntries(
            Map.entry("cant", "can"),
            Map.entry("dont", "do"),
            Map.entry("doesnt", "does"),
            Map.entry("didnt", "did"),
            Map.entry("isnt", "is"),
            Map.entry("arent", "are"),
            Map.entry("wasnt", "was"),
            Map.entry("werent", "were"),
            Map.entry("hasnt", "has"),
            Map.entry("havent", "have"),
            Map.entry("hadnt", "had"),
            Map.entry("couldnt", "could"),
            Map.entry("wouldnt", "would"),
            Map.entry("shouldnt", "should"),
            Map.entry("mustnt", "must"),
            Map.entry("aint", "is"));

    static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");

    /** A period behind these ends no sentence. */
    static final Set<String> ABBREVIATIONS = set(
            "mr mrs ms dr prof st vs etc no nr approx inc ltd co eg ie jan feb mar apr jun jul aug sep sept oct nov dec");

    /** Names that are written in more than one way. */
    static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("usa", "us"),
            Map.entry("jan", "january"),
            Map.entry("feb", "february"),
            Map.entry("mar", "march"),
            Map.entry("apr", "april"),
            Map.entry("jun", "june"),
            Map.entry("jul", "july"),
            Map.entry("aug", "august"),
            Map.entry("sep", "september"),
            Map.entry("sept", "september"),
            Map.entry("oct", "october"),
            Map.entry("nov", "november"),
            Map.entry("dec", "december"),
            Map.entry("mon", "monday"),
            Map.entry("tue", "tuesday"),
            Map.entry("wed", "wednesday"),
            Map.entry("thu", "thursday"),
            Map.entry("fri", "friday"));

    private Words() {}

    static Set<String> set(String words) {
        return Set.copyOf(new HashSet<>(Arrays.asList(words.strip().split("\\s+"))));
    }

    /** Each word of a line stands for the first one. */
    private static Map<String, String> classes(String lines) {
        Map<String, String> classes = new HashMap<>();
        lines.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (String word : words) {
                classes.put(word, words[0]);
            }
        });
        return Map.copyOf(classes);
    }

    /** Both orders of each line, "from to" and "to from". */
    private static Map<String, String> ends(String lines) {
        Map<String, String> ends = new HashMap<>();
        lines.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            ends.put(words[0] + " " + words[1], line);
            ends.put(words[1] + " " + words[0], line);
        });
        return Map.copyOf(ends);
    }
}
