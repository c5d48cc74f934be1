package io.fmware;

import dev.langchain4j.model.chat.ChatRequestOptions;
import java.time.Duration;
import java.util.Objects;

/** What a caller can say to a pipeline about one call, in the options that langchain4j carries. */
public final class CallOptions {
    private static final String DEADLINE = "io.fmware.deadline";

    private CallOptions() {}

    /**
     * Options that bound the time of a call, streams and all attempts included.
     *
     * @param allowed the time allowed, positive
     * @return options for {@code chat(request, options)}
     */
    public static ChatRequestOptions deadline(Duration allowed) {
        return ChatRequestOptions.builder()
                .addListenerAttribute(DEADLINE, positive(allowed))
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
        return builder.addListenerAttribute(DEADLINE, positive(allowed)).build();
    }

    private static Duration positive(Duration allowed) {
        if (Objects.requireNonNull(allowed, "allowed").isNegative() || allowed.isZero()) {
            throw new IllegalArgumentException("the time allowed must be positive, but is " + allowed);
        }
        return allowed;
    }

    /** The options without what they say to the pipeline, for a model: many have no form of chat that takes options. */
    static ChatRequestOptions forModel(ChatRequestOptions options) {
        if (options.listenerAttributes().isEmpty()
                || !options.listenerAttributes().containsKey(DEADLINE)) {
            return options;
        }
        ChatRequestOptions.Builder builder = ChatRequestOptions.builder();
        options.listenerAttributes().forEach((key, value) -> {
            if (!key.equals(DEADLINE)) {
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
}
