package io.fmware.observability.jfr;

import io.fmware.Boundary;
import io.fmware.BoundaryKind;
import java.util.List;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** The events of boundaries and scopes, other than those of models. */
final class TimedEvents {
    private TimedEvents() {}

    /** An event that has not begun; none for a run that nobody opened, since it is its one boundary. */
    static @Nullable TimedEvent of(Boundary boundary) {
        return switch (boundary.kind()) {
            case RUN -> boundary.run().isImplied() ? null : new Run();
            case AGENT -> new Agent();
            case STEP -> new Step();
            case CALL, EMBEDDING -> new ModelEvents.Call();
            case ATTEMPT -> new ModelEvents.Attempt();
            case TOOL -> new Tool();
            case RETRIEVAL -> new Retrieval();
            case MEMORY_READ, MEMORY_WRITE -> new Memory();
            case SCORING, MODERATION, PLAN, FORK, JOIN, CLOCK, RANDOM, ID -> new Other();
        };
    }

    /** One that says no more than a name. */
    abstract static class Named extends TimedEvent {
        @Label("Name")
        @Nullable
        String name;

        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            name = names.clean(boundary.name());
        }
    }

    @Name("io.fmware.Run")
    @Label("Run")
    @Description("One execution of the application")
    static final class Run extends Named {}

    @Name("io.fmware.Agent")
    @Label("Agent")
    @Description("An agent at work")
    static final class Agent extends Named {}

    @Name("io.fmware.Step")
    @Label("Step")
    @Description("A step that the application names")
    static final class Step extends Named {}

    @Name("io.fmware.Tool")
    @Label("Tool")
    @Description("A tool at work")
    static final class Tool extends Named {
        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            super.describe(boundary, output, error, names);
            if (error == null && ToolErrors.isOne(output)) {
                errorType = "tool_error";
            }
        }
    }

    @Name("io.fmware.Retrieval")
    @Label("Retrieval")
    @Description("A search for documents")
    static final class Retrieval extends Named {
        @Label("Documents")
        @Description("How many were found")
        long documents;

        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            super.describe(boundary, output, error, names);
            documents = sizeOf(output);
        }
    }

    @Name("io.fmware.Memory")
    @Label("Memory")
    @Description("A chat memory that is read or changed")
    static final class Memory extends Named {
        @Label("Operation")
        @Description("read or write")
        @Nullable
        String operation;

        @Label("Messages")
        @Description("How many were read or written")
        long messages;

        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            super.describe(boundary, output, error, names);
            boolean read = boundary.kind() == BoundaryKind.MEMORY_READ;
            operation = read ? "read" : "write";
            messages = sizeOf(read ? output : boundary.input());
        }
    }

    @Name("io.fmware.Boundary")
    @Label("Boundary")
    @Description("Another boundary: a plan, scoring, moderation, a fork or a join, a clock, a random value, an id")
    static final class Other extends Named {
        @Label("Kind")
        @Nullable
        String kind;

        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            super.describe(boundary, output, error, names);
            kind = boundary.kind().word();
        }
    }

    private static long sizeOf(@Nullable Object list) {
        return list instanceof List<?> many ? many.size() : 0;
    }
}
