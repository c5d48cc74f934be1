package io.fmware.event;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who in a run did something: the names from the run down, each with its number among those of the same name under the same
 * parent, such as {@code claim/fraud#1/tool:lookup#2}. The same work gets the same path in every run, however its threads
 * interleave.
 *
 * <p>Immutable. Names may be anything: what would break the notation is escaped in it, and what is longer than
 * {@value #LONGEST} characters is cut, with a hash of the whole so that two long names stay two.
 */
public final class RunPath {
    /** The longest name that is kept as it is, in characters. */
    public static final int LONGEST = 200;

    private static final String ESCAPED = "/#%:";

    private final @Nullable RunPath parent;
    private final String segment;
    private final int ordinal;
    private final int depth;
    private @Nullable String text;

    private RunPath(@Nullable RunPath parent, String segment, int ordinal) {
        this.parent = parent;
        this.segment = segment;
        this.ordinal = ordinal;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    /**
     * The path of a run itself.
     *
     * @param name the name of the run
     * @return the path
     */
    public static RunPath root(String name) {
        return new RunPath(null, escaped(name), 1);
    }

    /**
     * The path of something in what this path names.
     *
     * @param name its name
     * @param number its number among those of the same name here, from 1
     * @return the path
     */
    public RunPath child(String name, int number) {
        return child("", name, number);
    }

    /**
     * The path of something of a kind in what this path names.
     *
     * @param kind the word for its kind, which stands before the name; empty for none
     * @param name its name
     * @param number its number among those of the same kind and name here, from 1
     * @return the path
     */
    public RunPath child(String kind, String name, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("the number of a path starts at 1, but is " + number);
        }
        String named = escaped(name);
        return new RunPath(this, kind.isEmpty() ? named : escaped(kind) + ":" + named, number);
    }

    private static String escaped(String name) {
        Objects.requireNonNull(name, "name");
        String kept = name.length() <= LONGEST
                ? name
                : name.substring(0, LONGEST) + "~" + String.format(Locale.ROOT, "%08x", name.hashCode());
        if (kept.chars().noneMatch(RunPath::isEscaped)) {
            return kept;
        }
        StringBuilder out = new StringBuilder(kept.length() + 16);
        kept.codePoints().forEach(c -> {
            if (isEscaped(c)) {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    out.append(String.format(Locale.ROOT, "%%%02X", b));
                }
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    private static boolean isEscaped(int c) {
        return ESCAPED.indexOf(c) >= 0 || Character.isISOControl(c);
    }

    /**
     * The path of what this is in.
     *
     * @return the parent, {@code null} for a run
     */
    public @Nullable RunPath parent() {
        return parent;
    }

    /**
     * How many names stand above this one.
     *
     * @return 0 for a run
     */
    public int depth() {
        return depth;
    }

    /**
     * The last name, escaped, with the word for its kind where it has one.
     *
     * @return the name, without its number
     */
    public String segment() {
        return segment;
    }

    /**
     * The number among those of the same name under the same parent.
     *
     * @return the number, from 1
     */
    public int ordinal() {
        return ordinal;
    }

    /**
     * Whether something is this or in this.
     *
     * @param other the path of it
     * @return whether this path is the beginning of the other
     */
    public boolean contains(RunPath other) {
        RunPath at = other;
        while (at.depth > depth) {
            at = Objects.requireNonNull(at.parent);
        }
        return at.equals(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof RunPath path && toString().equals(path.toString()));
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        String known = text; // made twice at the worst, and the same each time
        if (known == null) {
            known = parent == null ? segment : parent + "/" + segment + "#" + ordinal;
            text = known;
        }
        return known;
    }
}
