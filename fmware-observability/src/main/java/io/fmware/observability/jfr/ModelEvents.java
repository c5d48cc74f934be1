package io.fmware.observability.jfr;

import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.Boundary;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.InvalidReplyException;
import io.fmware.Operation;
import java.util.Locale;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** The events of calls of models. */
final class ModelEvents {
    private ModelEvents() {}

    /** A model that is asked. */
    abstract static class Asked extends TimedEvent {
        @Label("Model")
        @Nullable
        String model;

        @Label("Operation")
        @Description("chat or embeddings")
        @Nullable
        String operation;

        @Label("Mode")
        @Description("blocking, streaming or async")
        @Nullable
        String mode;

        @Label("Tokens In")
        @Description("As the model counts them, 0 where it does not say")
        long tokensIn;

        @Label("Tokens Out")
        @Description("As the model counts them, 0 where it does not say")
        long tokensOut;

        @Label("Finish Reason")
        @Nullable
        String finishReason;

        final void asked(Boundary boundary, @Nullable FmReply reply, Names names) {
            FmCall call = boundary.input(FmCall.class);
            model = names.clean(boundary.name());
            operation = word(call.operation());
            mode = word(call.mode());
            if (reply != null && call.operation() == Operation.CHAT) {
                FinishReason reason = reply.response().finishReason();
                finishReason = reason == null ? null : word(reason);
            }
        }

        final void used(@Nullable TokenUsage usage) {
            if (usage != null) {
                tokensIn += orZero(usage.inputTokenCount());
                tokensOut += orZero(usage.outputTokenCount());
            }
        }
    }

    @Name("io.fmware.Call")
    @Label("Call")
    @Description("One question of the application to a model, however many attempts it takes")
    static final class Call extends Asked {
        @Label("Source")
        @Description("Where the answer came from: model, cache, fallback or replay")
        @Nullable
        String source;

        @Label("Attempts")
        @Description("How many calls of a model the answer took")
        long attempts;

        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            FmReply reply = output instanceof FmReply given ? given : null;
            asked(boundary, reply, names);
            if (reply != null) {
                source = word(reply.source());
                attempts = reply.attempts();
                if (reply.source() == FmReply.Source.MODEL || reply.source() == FmReply.Source.FALLBACK) {
                    used(reply.usage()); // an answer that no model gave now used nothing
                }
            } else if (error instanceof InvalidReplyException invalid) { // and one that was rejected did
                invalid.attempts().forEach(each -> used(each.response().tokenUsage()));
            }
        }
    }

    @Name("io.fmware.Attempt")
    @Label("Attempt")
    @Description("One call of a model")
    static final class Attempt extends Asked {
        @Label("Attempt")
        @Description("The number of the attempt at this answer, from 1")
        long attempt;

        @Override
        void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names) {
            FmReply reply = output instanceof FmReply given ? given : null;
            asked(boundary, reply, names);
            attempt = boundary.input(FmCall.class).attempt();
            used(reply == null ? null : reply.usage());
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static long orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
