package io.fmware.observability.recorder;

import io.fmware.event.FmEvent;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says of which events the content is recorded: what was asked, answered, thought. What happened, when and where is recorded of
 * all events. Content that a rule leaves out is still there for a while, and written when something goes wrong (see
 * {@link Trigger}).
 *
 * <p>Has to be thread-safe and quick: the application waits. What a rule throws is taken for a no.
 */
@FunctionalInterface
public interface ContentRule {

    /**
     * Decides about an event.
     *
     * @param event what happened
     * @return whether its content is recorded at once
     */
    boolean keeps(FmEvent event);

    /**
     * Records the content of all events.
     *
     * @return the rule
     */
    static ContentRule all() {
        return event -> true;
    }

    /**
     * Records no content, but where a trigger fires. The default.
     *
     * @return the rule
     */
    static ContentRule none() {
        return event -> false;
    }

    /**
     * Records the content of a part of the runs, chosen by their ids: of a run all or nothing, in whatever process.
     *
     * @param part the part of the runs, from 0 to 1
     * @return the rule
     */
    static ContentRule sample(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("the part of the runs must be from 0 to 1, but is " + part);
        }
        return event -> Sampling.isIn(event.origin().run(), part);
    }

    /**
     * Records the content of what happens in agents or steps of these names.
     *
     * @param names names of agents or steps
     * @return the rule
     */
    static ContentRule in(String... names) {
        Set<String> wanted = Set.of(names);
        return event -> Sampling.isInside(event.origin().path(), wanted);
    }

    /**
     * Records the content of runs by what the application says of them when they begin: of one user, say, who has a problem that
     * is to be looked into. Asked once for each run, so that what it asks may be switched while the application runs.
     *
     * @param attributes decides by the attributes of a run: {@code user}, {@code tenant}, {@code conversation} and others
     * @return the rule
     */
    static ContentRule runs(Predicate<? super Map<String, String>> attributes) {
        return new RunRule(attributes);
    }

    /**
     * Records what this rule records, and what another one does.
     *
     * @param other the other rule
     * @return a rule of both
     */
    default ContentRule or(ContentRule other) {
        Objects.requireNonNull(other, "other");
        return event -> {
            boolean first = keeps(event);
            return other.keeps(event) || first; // both see all events
        };
    }
}
