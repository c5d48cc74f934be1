package io.fmware.observability.recorder;

import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.rag.content.Content;
import io.fmware.FmRun;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one event. What they have in common is theirs by {@link EventWriter}. Not thread-safe.
 *
 * <p>Long because each type of event has its branch.
 *
 * @param <C> a content as it is kept
 */
final class EventFields<C> {

    private final EventWriter<C> writer;
    private final Skeleton<C> skeleton;
    private final CallFields<C> calls;
    private final JsonWriter json;

    EventFields(EventWriter<C> writer, Skeleton<C> skeleton) {
        this.writer = writer;
        this.skeleton = skeleton;
        this.calls = new CallFields<>(writer, skeleton);
        this.json = skeleton.json;
    }

    /** Where an event comes from, but the clock of who records it. */
    void head(FmEvent event) {
        EventOrigin origin = event.origin();
        skeleton.head(event.type(), origin.run(), origin.path());
        json.name("n").number(origin.sequence());
        skeleton.time(writer.stamps().of(origin.at()));
    }

    /** The run around one that begins, which it does on its own thread. */
    void outer() {
        FmRun run = FmRun.current();
        FmRun outer = run == null ? null : run.outer();
        if (outer != null) {
            skeleton.id("outer", outer.id());
        }
    }

    /** What recorded it. */
    void with(Map<String, String> versions) {
        json.name("with").beginObject();
        versions.forEach((name, version) -> json.name(name).text(version));
        json.endObject();
    }

    void write(FmEvent event) {
        if (event instanceof FmEvent.CallStarted call) {
            skeleton.text("model", call.model());
            calls.request(call.request());
        } else if (event instanceof FmEvent.CallEnded call) {
            skeleton.text("model", call.model());
            skeleton.text("source", call.source());
            json.name("attempts").number(call.attempts());
            calls.response(call.response());
            failure(call.failure());
        } else if (event instanceof FmEvent.AttemptStarted attempt) {
            skeleton.text("model", attempt.model());
            json.name("attempt").number(attempt.attempt());
            calls.request(attempt.request());
        } else if (event instanceof FmEvent.AttemptEnded attempt) {
            skeleton.text("model", attempt.model());
            calls.response(attempt.response());
            failure(attempt.failure());
        } else if (event instanceof FmEvent.ChunkArrived chunk) {
            chunk(chunk.chunk());
        } else {
            others(event);
        }
    }

    private void others(FmEvent event) {
        if (event instanceof FmEvent.RunStarted run) {
            skeleton.text("name", run.name());
            attributes(run.attributes());
        } else if (event instanceof FmEvent.RunEnded run) {
            json.name("open").number(run.open());
            failure(run.failure());
        } else if (event instanceof FmEvent.AgentStarted agent) {
            skeleton.text("agent", agent.agent());
            value("inputs", agent.inputs());
            skeleton.content("description", agent.description());
        } else if (event instanceof FmEvent.AgentEnded agent) {
            skeleton.text("agent", agent.agent());
            value("output", agent.output());
            failure(agent.failure());
        } else if (event instanceof FmEvent.StepStarted step) {
            skeleton.text("step", step.step());
        } else if (event instanceof FmEvent.StepEnded step) {
            skeleton.text("step", step.step());
            failure(step.failure());
        } else if (event instanceof FmEvent.RequestSent sent) {
            skeleton.text("method", sent.method());
            skeleton.text("address", sent.address());
            json.name("port").number(sent.port());
        } else if (event instanceof FmEvent.VerdictGiven verdict) {
            skeleton.text("by", verdict.by());
            json.name("accepted").flag(verdict.accepted());
            skeleton.content("reason", verdict.reason());
        } else if (event instanceof FmEvent.CacheConsulted cache) {
            skeleton.text("cache", cache.cache());
            skeleton.text("outcome", cache.outcome());
        } else if (event instanceof FmEvent.FeedbackGiven feedback) {
            skeleton.text("kind", feedback.kind());
            skeleton.content("value", feedback.value());
            skeleton.textIfThere("response", feedback.responseId());
        } else if (event instanceof FmEvent.Evaluated evaluated) {
            skeleton.text("name", evaluated.name());
            json.name("score").number(evaluated.score());
            skeleton.textIfThere("label", evaluated.label());
            skeleton.content("explanation", evaluated.explanation());
            skeleton.textIfThere("response", evaluated.responseId());
        } else if (event instanceof FmEvent.Failed failed) {
            failure(failed.failure());
        } else {
            cognition(event);
        }
    }

    private void cognition(FmEvent event) {
        if (event instanceof FmEvent.Planned plan) {
            skeleton.contents("steps", plan.steps());
            skeleton.content("reason", plan.reason());
        } else if (event instanceof FmEvent.Decided decision) {
            skeleton.content("question", decision.question());
            skeleton.contents("options", decision.options());
            skeleton.content("choice", decision.choice());
            skeleton.content("reason", decision.reason());
        } else if (event instanceof FmEvent.MessageSent message) {
            skeleton.text("from", message.from());
            skeleton.text("to", message.to());
            value("content", message.content());
        } else if (event instanceof FmEvent.Thought thought) {
            skeleton.content("text", thought.text());
        } else if (event instanceof FmEvent.Asked asked) {
            skeleton.content("question", asked.question());
        } else if (event instanceof FmEvent.ToolCalled tool) {
            skeleton.text("tool", tool.request().name());
            skeleton.textIfThere("id", tool.request().id());
            skeleton.given("arguments", tool.request().arguments());
        } else if (event instanceof FmEvent.ToolReturned tool) {
            skeleton.text("tool", tool.request().name());
            skeleton.textIfThere("id", tool.request().id());
            value("result", tool.result());
            failure(tool.failure());
        } else {
            knowledge(event);
        }
    }

    private void knowledge(FmEvent event) {
        if (event instanceof FmEvent.RetrievalStarted retrieval) {
            skeleton.content("query", retrieval.query().text());
        } else if (event instanceof FmEvent.RetrievalEnded retrieval) {
            skeleton.content("query", retrieval.query().text());
            json.name("documents").beginArray();
            for (Content each : retrieval.documents()) {
                skeleton.json(writer.values().of(each));
            }
            json.endArray();
            failure(retrieval.failure());
        } else if (event instanceof FmEvent.Searched search) {
            json.name("most").number(search.maxResults());
            json.name("least").number(search.minScore());
            json.name("scores").beginArray();
            for (double each : search.scores()) {
                json.number(each);
            }
            json.endArray();
        } else if (event instanceof FmEvent.MemoryRead memory) {
            skeleton.text("memory", String.valueOf(memory.memory()));
            calls.messages(memory.messages());
            failure(memory.failure());
        } else if (event instanceof FmEvent.MemoryWritten memory) {
            skeleton.text("memory", String.valueOf(memory.memory()));
            calls.messages(memory.messages());
            failure(memory.failure());
        } else if (event instanceof FmEvent.TurnTaken taken) {
            skeleton.text("turn", taken.turn());
        } else if (event instanceof FmEvent.Crossed crossed) {
            skeleton.text("boundary", crossed.boundary());
            skeleton.text("name", crossed.name());
            value("input", crossed.input());
            value("output", crossed.output());
            failure(crossed.failure());
        }
    }

    private void chunk(Object chunk) {
        if (chunk instanceof PartialResponse partial) {
            skeleton.content("text", partial.text());
        } else if (chunk instanceof PartialThinking partial) {
            skeleton.content("thinking", partial.text());
        } else {
            value("piece", chunk);
        }
    }

    private void attributes(Map<String, String> attributes) {
        json.name("attributes").beginObject();
        for (Map.Entry<String, String> each : attributes.entrySet()) {
            skeleton.named(each.getKey(), each.getValue());
        }
        json.endObject();
    }

    private void failure(@Nullable Failure failure) {
        if (failure == null) {
            return;
        }
        what(failure);
        if (failure.cause() != null) {
            json.name("causes").beginArray();
            for (Failure each = failure.cause(); each != null; each = each.cause()) {
                json.beginObject();
                what(each);
                json.endObject();
            }
            json.endArray();
        }
    }

    private void what(Failure failure) {
        skeleton.text("error", failure.type());
        skeleton.content("message", failure.message());
        if (failure.status() != 0) {
            json.name("status").number(failure.status());
        }
    }

    /** A value, of which text alone is most often a content that is text. */
    private void value(String field, @Nullable Object value) {
        if (value instanceof String text) {
            skeleton.content(field, text);
        } else if (value != null) {
            json.name(field);
            skeleton.json(writer.values().of(value));
        }
    }
}
