package io.fmware.text;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Compares JSON without some of its members, and everything else as another comparison does. */
final class IgnoringEquivalence implements Equivalence {
    private static final Pattern NO_ESCAPE = Pattern.compile("~(?![01])");

    private final Equivalence base;
    private final List<String> ignored;
    private final Set<String> names = new HashSet<>();
    private final List<JsonPointer> pointers = new ArrayList<>();

    IgnoringEquivalence(Equivalence base, String... ignored) {
        this.base = base;
        if (ignored.length == 0) {
            throw new IllegalArgumentException("no member is named; say which ones do not count, such as \"id\"");
        }
        for (String each : ignored) {
            if (Objects.requireNonNull(each, "the name of a member must not be null")
                    .isBlank()) {
                throw new IllegalArgumentException("the name of a member must not be blank");
            }
            if (!each.startsWith("/")) {
                names.add(each);
            } else if (NO_ESCAPE.matcher(each).find()) {
                throw new IllegalArgumentException(
                        each + " is no JSON Pointer: in one, write ~0 for ~ and ~1 for / in a name");
            } else {
                pointers.add(JsonPointer.compile(each));
            }
        }
        this.ignored = List.of(ignored);
    }

    @Override
    public boolean same(String first, String second) {
        JsonNode one = JsonTrees.read(first);
        JsonNode other = JsonTrees.read(second);
        if (one == null || other == null) {
            return base.same(first, second);
        }
        JsonNode rest = JsonTrees.without(one, names, pointers);
        JsonNode otherRest = JsonTrees.without(other, names, pointers);
        return JsonTrees.same(rest, otherRest) || base.same(rest.toString(), otherRest.toString());
    }

    @Override
    public String toString() {
        return base + ".ignoringMembers(" + String.join(", ", ignored) + ")";
    }
}
