package io.fmware.observability.otel;

import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * Notes on a span what an application thinks and decides. The conventions have a word for evaluations alone, the rest is ours.
 * Texts are content: without leave to record them there are their names, numbers and outcomes.
 */
final class Cognition {
    private final @Nullable ContentJson content;

    Cognition(@Nullable ContentJson content) {
        this.content = content;
    }

    /** Whether there is something to note that the span of a boundary does not say already. */
    static boolean isNoted(FmEvent event) {
        return event instanceof FmEvent.Planned
                || event instanceof FmEvent.Decided
                || event instanceof FmEvent.MessageSent
                || event instanceof FmEvent.Thought
                || event instanceof FmEvent.VerdictGiven
                || event instanceof FmEvent.CacheConsulted
                || event instanceof FmEvent.FeedbackGiven
                || event instanceof FmEvent.Evaluated
                || event instanceof FmEvent.Failed
                || isMemoryByHand(event)
                || (event instanceof FmEvent.Crossed crossed
                        && (crossed.boundary().equals("fork")
                                || crossed.boundary().equals("join")));
    }

    private static boolean isMemoryByHand(FmEvent event) {
        return (event instanceof FmEvent.MemoryRead || event instanceof FmEvent.MemoryWritten)
                && !event.origin().path().segment().startsWith("memory-");
    }

    void note(FmEvent event, Span span) {
        AttributesBuilder to = Attributes.builder();
        if (event instanceof FmEvent.Evaluated evaluated) {
            evaluation(evaluated, to);
            span.addEvent(GenAi.EVALUATION, to.build());
            return;
        }
        if (event instanceof FmEvent.Planned planned) {
            to.put(Fm.number("plan.steps"), (long) planned.steps().size());
            text(to, "plan.text", String.join("\n", planned.steps()));
            text(to, "plan.reason", planned.reason());
        } else if (event instanceof FmEvent.Decided decided) {
            to.put(Fm.number("decision.options"), (long) decided.options().size());
            text(to, "decision.question", decided.question());
            text(to, "decision.choice", decided.choice());
            text(to, "decision.reason", decided.reason());
        } else if (event instanceof FmEvent.MessageSent message) {
            to.put(Fm.text("message.from"), Names.of(message.from()));
            to.put(Fm.text("message.to"), Names.of(message.to()));
            if (content != null) {
                to.put(Fm.text("message.content"), content.any(message.content()));
            }
        } else if (event instanceof FmEvent.Thought thought) {
            to.put(Fm.number("thinking.characters"), (long) thought.text().length());
            text(to, "thinking.text", thought.text());
        } else if (event instanceof FmEvent.VerdictGiven verdict) {
            to.put(Fm.text("verdict.by"), Names.of(verdict.by()));
            to.put("fmware.verdict.accepted", verdict.accepted());
            text(to, "verdict.reason", verdict.reason());
        } else if (event instanceof FmEvent.CacheConsulted cache) {
            to.put(Fm.text("cache.name"), Names.of(cache.cache()));
            to.put(Fm.text("cache.outcome"), Names.of(cache.outcome()));
        } else if (event instanceof FmEvent.FeedbackGiven feedback) {
            to.put(Fm.text("feedback.kind"), Names.of(feedback.kind()));
            text(to, "feedback.value", feedback.value());
        } else if (event instanceof FmEvent.MemoryRead read) {
            to.put(Fm.number("memory.messages"), (long) read.messages().size());
            failure(to, read.failure());
        } else if (event instanceof FmEvent.MemoryWritten written) {
            to.put(Fm.number("memory.messages"), (long) written.messages().size());
            failure(to, written.failure());
        } else if (event instanceof FmEvent.Failed failed) {
            failure(to, failed.failure());
        } else if (event instanceof FmEvent.Crossed crossed) {
            to.put(Fm.BOUNDARY, crossed.boundary());
        }
        span.addEvent("fmware." + event.type(), to.build());
    }

    private void evaluation(FmEvent.Evaluated evaluated, AttributesBuilder to) {
        to.put(GenAi.EVALUATION_NAME, Names.of(evaluated.name()));
        to.put(GenAi.EVALUATION_SCORE, (Double) evaluated.score());
        if (evaluated.label() != null) {
            to.put(GenAi.EVALUATION_LABEL, Names.of(evaluated.label()));
        }
        if (evaluated.responseId() != null) {
            to.put(GenAi.RESPONSE_ID, Names.of(evaluated.responseId()));
        }
        if (evaluated.explanation() != null && content != null) {
            to.put(GenAi.EVALUATION_WHY, content.text(evaluated.explanation()));
        }
    }

    private void text(AttributesBuilder to, String name, @Nullable String text) {
        if (content != null && text != null) {
            to.put(Fm.text(name), content.text(text));
        }
    }

    private void failure(AttributesBuilder to, @Nullable Failure failure) {
        if (failure != null) {
            to.put(GenAi.ERROR_TYPE, Names.of(failure.type()));
            text(to, "error.message", failure.message());
        }
    }
}
