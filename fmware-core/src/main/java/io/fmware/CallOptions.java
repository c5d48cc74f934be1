package io.fmware;

import dev.langchain4j.model.chat.ChatRequestOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a caller can say to a pipeline about one call, in the options that langchain4j carries. */
public final class CallOptions {
    private static final String DEADLINE = "io.fmware.deadline";
    private static final String PRIORITY = "io.fmware.priority";
    private static final Set<String> OURS = Set.of(DEADLINE, PRIORITY);

    private CallOptions() {}

    /**
     * Options that bound the time of a call, streams and all attempts included.
     *
     * @param allowed the time allowed, positive
     * @return options for {@code chat(request, options)}
     */
    public static ChatRequestOptions deadline(Duration allowed) {
        return ChatRequestOptions.builder()
                .addListenerAttribute(DEADLINE, Durations.positive(allowed, "the time allowed"))
                .build();
    }

    /**
     * Given options, with the time of the call bounded.
     *
     * @param options the options to add to
     * @param allowed the time allowed, positive
     * @return options for {@code chat(request, options)}
     */
    public static ChatRequestOptions deadline(ChatRequestOptions options, Duration allowed) {
        ChatRequestOptions.Builder builder = ChatRequestOptions.builder();
        options.listenerAttributes().forEach(builder::addListenerAttribute);
        return builder.addListenerAttribute(DEADLINE, Durations.positive(allowed, "the time allowed"))
                .build();
    }

    /**
     * Options that say how much the answer matters where there is not enough capacity for all.
     *
     * @param priority the priority
     * @return options for {@code chat(request, options)}
     */
    public static ChatRequestOptions priority(Priority priority) {
        return priority(ChatRequestOptions.EMPTY, priority);
    }

    /**
     * Given options, with the priority of the call said.
     *
     * @param options the options to add to
     * @param priority the priority
     * @return options for {@code chat(request, options)}
     */
    public static ChatRequestOptions priority(ChatRequestOptions options, Priority priority) {
        ChatRequestOptions.Builder builder = ChatRequestOptions.builder();
        options.listenerAttributes().forEach(builder::addListenerAttribute);
        return builder.addListenerAttribute(PRIORITY, Objects.requireNonNull(priority, "priority"))
                .build();
    }

    /** The options without what they say to the pipeline, for a model: many have no form of chat that takes options. */
    static ChatRequestOptions forModel(ChatRequestOptions options) {
        if (Collections.disjoint(options.listenerAttributes().keySet(), OURS)) {
            return options;
        }
        ChatRequestOptions.Builder builder = ChatRequestOptions.builder();
        options.listenerAttributes().forEach((key, value) -> {
            if (!OURS.contains(key)) {
                builder.addListenerAttribute(key, value);
            }
        });
        return builder.build();
    }

    static Deadline deadline(ChatRequestOptions options, TimeSource time) {
        if (options.listenerAttributes().isEmpty()) {
            return Deadline.none();
        }
        return options.listenerAttributes().get(DEADLINE) instanceof Duration allowed
                ? Deadline.after(time, allowed)
                : Deadline.none();
    }

    static @Nullable Priority priority(ChatRequestOptions options) {
        return !options.listenerAttributes().isEmpty()
                        && options.listenerAttributes().get(PRIORITY) instanceof Priority priority
                ? priority
                : null;
    }
}
