package io.fmware.observability.jfr;

import io.fmware.event.FmEvent;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** The events of what takes no time. What was decided or said is content, and left out. */
final class MomentEvents {
    private MomentEvents() {}

    /** An event with nothing in it yet; none for what a timed event shows already, and for what would be content alone. */
    static @Nullable MomentEvent of(FmEvent told) {
        if (told instanceof FmEvent.VerdictGiven verdict) {
            return new Verdict(verdict);
        }
        if (told instanceof FmEvent.CacheConsulted cache) {
            return new Cache(cache);
        }
        if (told instanceof FmEvent.Decided decided) {
            return new Decision(decided);
        }
        if (told instanceof FmEvent.FeedbackGiven feedback) {
            return new Feedback(feedback);
        }
        return told instanceof FmEvent.Failed failed ? new Failure(failed) : null;
    }

    @Name("io.fmware.Verdict")
    @Label("Verdict")
    @Description("A guard or a validator judged a request or an answer")
    static final class Verdict extends MomentEvent {
        private final transient FmEvent.VerdictGiven told;

        @Label("Interceptor")
        @Nullable
        String interceptor;

        @Label("Accepted")
        boolean accepted;

        Verdict(FmEvent.VerdictGiven told) {
            this.told = told;
        }

        @Override
        void describe(Names names) {
            interceptor = names.clean(told.by());
            accepted = told.accepted();
        }
    }

    @Name("io.fmware.Cache")
    @Label("Cache")
    @Description("A cache was asked")
    static final class Cache extends MomentEvent {
        private final transient FmEvent.CacheConsulted told;

        @Label("Cache")
        @Nullable
        String cache;

        @Label("Outcome")
        @Description("hit, miss, or why it was not looked for")
        @Nullable
        String outcome;

        Cache(FmEvent.CacheConsulted told) {
            this.told = told;
        }

        @Override
        void describe(Names names) {
            cache = names.clean(told.cache());
            outcome = names.clean(told.outcome());
        }
    }

    @Name("io.fmware.Decision")
    @Label("Decision")
    @Description("One of several options was taken")
    static final class Decision extends MomentEvent {
        private final transient FmEvent.Decided told;

        @Label("Options")
        @Description("How many there were")
        long options;

        Decision(FmEvent.Decided told) {
            this.told = told;
        }

        @Override
        void describe(Names names) {
            options = told.options().size();
        }
    }

    @Name("io.fmware.Feedback")
    @Label("Feedback")
    @Description("Somebody said what an answer was worth")
    static final class Feedback extends MomentEvent {
        private final transient FmEvent.FeedbackGiven told;

        @Label("Kind")
        @Nullable
        String kind;

        Feedback(FmEvent.FeedbackGiven told) {
            this.told = told;
        }

        @Override
        void describe(Names names) {
            kind = names.clean(told.kind());
        }
    }

    @Name("io.fmware.Failure")
    @Label("Failure")
    @Description("Something went wrong that is not the end of a call, an agent or a run")
    static final class Failure extends MomentEvent {
        private final transient FmEvent.Failed told;

        @Label("Error")
        @Description("The class of the exception")
        @Nullable
        String errorType;

        Failure(FmEvent.Failed told) {
            this.told = told;
        }

        @Override
        void describe(Names names) {
            errorType = names.clean(told.failure().type());
        }
    }
}
