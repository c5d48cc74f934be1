package io.fmware.text;

import java.util.HashMap;
import java.util.Map;

/** English words that say "not" by their prefix, so that "unsafe" is "not safe". */
final class Negatives {
    private static final String LINES = """
            un able acceptable accompanied acquainted affected afraid aided alike altered ambiguous answered appealing
            un appetizing approved armed attached attainable attended attractive authenticated authorised authorized
            un available avoidable aware balanced bearable believable biased blemished born bound broken bound caring
            un certain changed charged checked civil civilised civilized claimed clean clear closed comfortable common
            un complicated concerned conditional confirmed connected conscious constitutional controllable controlled
            un conventional convinced convincing cooked covered critical cut damaged dated decided defeated defined deniable
            un desirable detected developed disclosed disturbed documented done doubted dressed due earned economic
            un educated eligible employed encrypted ending enforceable enthusiastic equal equipped ethical even eventful
            un expected expired explained exploited explored fair faithful familiar fashionable fastened favorable
            un favourable finished fit focused foreseen forgettable forgivable formatted fortunate founded friendly
            un fulfilled furnished generous grateful guarded happy harmed healthy heard helpful identified imaginable
            un important impressed impressive informed inhabited initialised initialized injured installed insured
            un intelligent intended intentional interested interesting interrupted invited just justified kind known
            un lawful leaded licensed like likely limited linked listed locked loved lucky managed manned married marked
            un matched mentioned modified mounted moved named natural necessary needed noticed numbered occupied official
            un opened ordinary organised organized orthodox paid painted paired patched perturbed planned played
            un pleasant popular prepared predictable prejudiced printed privileged problematic processed productive
            un professional profitable protected proven proved provided published punished qualified questionable read
            un readable ready real realistic reasonable recognisable recognizable recognised recognized recorded
            un registered regulated related released reliable remarkable resolved responsive restricted safe
            un satisfactory satisfied saved scheduled scientific secure secured selfish settled signed skilled sold
            un solved sophisticated specified stable steady stoppable structured successful suitable supervised supported
            un sure surprised surprising suspecting sustainable tested tidy tied touched trained treated true trustworthy
            un truthful typical updated used usable usual vaccinated validated verified verifiable wanted warranted
            un washed welcome well willing wise worthy written receptive substantial commodious
            in ability accessible accurate active adequate admissible applicable appropriate attentive audible capable
            in coherent compatible competent complete comprehensible conceivable conclusive congruent consequential
            in considerate consistent conspicuous convenient correct credible curable decent decisive definite dependent
            in direct discreet distinct edible effective efficient elastic elegant eligible equitable evitable exact
            in excusable expensive experienced explicable flexible formal frequent human humane hospitable justice
            in offensive operable organic sane secure sensitive separable significant sincere soluble solvent
            in stable sufficient tangible tolerable tolerant valid variable vincible visible voluntary vulnerable
            in substantial subordinate sanitary comparable accuracy stability validity sensitivity capacity commodious
            im balance balanced mature measurable memorial mobile modest moral mortal movable mutable partial passable
            im patient penetrable perceptible perfect permeable permissible personal plausible polite possible practical
            im precise probable proper pure
            il legal legible legitimate liberal licit limitable literate logical
            ir rational reconcilable recoverable reducible refutable regular relevant religious reparable replaceable
            ir resistible responsible retrievable reverent reversible revocable
            non crucial essential existent fat fatal fiction human linear malignant medical negotiable partisan
            non payment professional profit refundable resident smoker smoking standard stop toxic trivial verbal
            non violent zero alcoholic fiction renewable reversible taxable transferable
            dis advantage advantageous agree agreeable allow approve associate believe connect connected
            dis content continue courteous honest honor honour inclined infect interested like loyal obedient
            dis obey order organised organized passionate pleased proportionate prove qualified qualify respect respectful
            dis satisfied similar trust trustful united
            ab normal
            a symmetric symmetrical typical political moral sexual synchronous
            """;

    private static final Map<String, String> POSITIVES = new HashMap<>();

    static {
        LINES.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                POSITIVES.put(words[0] + words[i], words[i]);
            }
        });
        // These are not denials of their stems.
        POSITIVES.remove("uneven");
        POSITIVES.remove("unborn");
        POSITIVES.remove("disorder");
    }

    private Negatives() {}

    /** What the word says is not so, or nothing. */
    static String positive(String word) {
        return POSITIVES.getOrDefault(word, "");
    }
}
