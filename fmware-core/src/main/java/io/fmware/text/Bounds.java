package io.fmware.text;

import java.util.List;
import java.util.Optional;

/** The bounds of numbers: "under 5", "no more than 5", "at least 5". */
final class Bounds {
    private static final int NEAR = 3;

    private Bounds() {}

    /** The one before a number; what may be no number has none that takes more than a sign. */
    static Optional<String> before(List<Token> tokens, int number, boolean certain) {
        for (int at = number - 1; at >= 0 && at >= number - NEAR; at--) {
            Token token = tokens.get(at);
            String bound = token.isWord() ? Words.BOUNDS.getOrDefault(token.norm(), "") : "";
            if (!bound.isEmpty() && counts(tokens, at, number)) {
                boolean not = at > 0
                        && (tokens.get(at - 1).norm().equals("no")
                                || tokens.get(at - 1).norm().equals("not"));
                return certain || bound.length() < NEAR ? Optional.of(not ? contrary(bound) : bound) : Optional.empty();
            }
            if (!Words.BEFORE_NUMBERS.contains(token.norm()) && !Words.BOUNDS.containsKey(token.norm())) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean counts(List<Token> tokens, int at, int number) {
        return switch (tokens.get(at).norm()) {
            case "from" -> false;
            case "least", "most" -> at > 0 && tokens.get(at - 1).norm().equals("at");
            case "up" -> at + 1 < number && tokens.get(at + 1).norm().equals("to");
            case "more", "less", "fewer" -> at + 1 < number;
            default -> true;
        };
    }

    private static String contrary(String bound) {
        return switch (bound) {
            case "<" -> ">=";
            case ">" -> "<=";
            case "<=" -> ">";
            case ">=" -> "<";
            default -> "not " + bound;
        };
    }
}
