package io.fmware.observability.recorder;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.rag.content.Content;
import io.fmware.Boundary;
import io.fmware.FmRun;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import io.fmware.event.RunPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an event what is stored of it. Names, numbers and times are its skeleton; what was said, asked, answered or thought
 * is content: redacted, and named in the skeleton by its id ({@link ContentIds}) and length, {@code {"#":"..","n":..}}. Thread-safe.
 *
 * <p>Long because each type of event has its branch.
 */
final class EventEncoder {
    /** What an event takes, most often. */
    private static final int USUAL = 512;

    private final Redactor redactor;
    private final ContentIds ids;
    private final MessageJson messages;
    private final Names names;
    private final Stamps stamps = new Stamps();

    EventEncoder(Redactor redactor, ContentIds ids) {
        this.redactor = redactor;
        this.ids = ids;
        this.messages = new MessageJson(redactor, ids);
        this.names = new Names(redactor);
    }

    /**
     * Encodes an event.
     *
     * @param nanos a reading of the monotonic clock of the recorder
     */
    StoredEvent encode(FmEvent event, long nanos) {
        EventOrigin origin = event.origin();
        return encoded(writing -> {
            writing.head(event.type(), origin.run(), origin.path());
            writing.json.name("n").number(origin.sequence());
            writing.times(origin.at(), nanos);
            if (event instanceof FmEvent.RunStarted) {
                writing.outer();
            }
            writing.fields(event);
        });
    }

    /** Encodes a piece of a streamed answer, which has no number in its run. */
    StoredEvent encode(Boundary of, Pieces.Piece piece, Instant at, long nanos) {
        return encoded(writing -> {
            writing.head("chunk", of.run().id(), of.path());
            writing.json.name("k").number(piece.number());
            writing.times(at, nanos);
            writing.text("of", piece.of());
            writing.json.name("chars").number(piece.chars());
            if (piece.text() != null) {
                writing.json.name("text");
                writing.stored(piece.text());
            }
        });
    }

    /** The id of a run as it stands in events. */
    String id(String run) {
        return names.id(run);
    }

    private StoredEvent encoded(Consumer<Writing> body) {
        Writing writing = new Writing();
        writing.json.beginObject();
        body.accept(writing);
        writing.json.endObject();
        return new StoredEvent(writing.json.bytes(), writing.contents);
    }

    /** The writing of one event. */
    private final class Writing {
        private final JsonWriter json = new JsonWriter(USUAL);
        private final List<Blob> contents = new ArrayList<>();

        void head(String type, String run, RunPath path) {
            json.name("t").text(type);
            json.name("r").text(names.id(run));
            json.name("p").text(names.clean(path.toString()));
        }

        void times(Instant at, long nanos) {
            json.name("at").text(stamps.of(at));
            json.name("ns").number(nanos);
        }

        /** The run around one that begins, which it does on its own thread. */
        void outer() {
            FmRun run = FmRun.current();
            FmRun outer = run == null ? null : run.outer();
            if (outer != null) {
                json.name("outer").text(names.id(outer.id()));
            }
        }

        void fields(FmEvent event) {
            if (event instanceof FmEvent.CallStarted call) {
                text("model", call.model());
                request(call.request());
            } else if (event instanceof FmEvent.CallEnded call) {
                text("model", call.model());
                text("source", call.source());
                json.name("attempts").number(call.attempts());
                response(call.response());
                failure(call.failure());
            } else if (event instanceof FmEvent.AttemptStarted attempt) {
                text("model", attempt.model());
                json.name("attempt").number(attempt.attempt());
                request(attempt.request());
            } else if (event instanceof FmEvent.AttemptEnded attempt) {
                text("model", attempt.model());
                response(attempt.response());
                failure(attempt.failure());
            } else if (event instanceof FmEvent.ChunkArrived chunk) {
                chunk(chunk.chunk());
            } else {
                others(event);
            }
        }

        private void others(FmEvent event) {
            if (event instanceof FmEvent.RunStarted run) {
                text("name", run.name());
                attributes(run.attributes());
            } else if (event instanceof FmEvent.RunEnded run) {
                json.name("open").number(run.open());
                failure(run.failure());
            } else if (event instanceof FmEvent.AgentStarted agent) {
                text("agent", agent.agent());
                content("inputs", shown(agent.inputs()), true);
                maybe("description", agent.description());
            } else if (event instanceof FmEvent.AgentEnded agent) {
                text("agent", agent.agent());
                value("output", agent.output());
                failure(agent.failure());
            } else if (event instanceof FmEvent.StepStarted step) {
                text("step", step.step());
            } else if (event instanceof FmEvent.StepEnded step) {
                text("step", step.step());
                failure(step.failure());
            } else if (event instanceof FmEvent.RequestSent sent) {
                text("method", sent.method());
                text("address", sent.address());
                json.name("port").number(sent.port());
            } else if (event instanceof FmEvent.VerdictGiven verdict) {
                text("by", verdict.by());
                json.name("accepted").flag(verdict.accepted());
                maybe("reason", verdict.reason());
            } else if (event instanceof FmEvent.CacheConsulted cache) {
                text("cache", cache.cache());
                text("outcome", cache.outcome());
            } else if (event instanceof FmEvent.FeedbackGiven feedback) {
                text("kind", feedback.kind());
                maybe("value", feedback.value());
                textIfThere("response", feedback.responseId());
            } else if (event instanceof FmEvent.Evaluated evaluated) {
                text("name", evaluated.name());
                json.name("score").number(evaluated.score());
                textIfThere("label", evaluated.label());
                maybe("explanation", evaluated.explanation());
                textIfThere("response", evaluated.responseId());
            } else if (event instanceof FmEvent.Failed failed) {
                failure(failed.failure());
            } else {
                cognition(event);
            }
        }

        private void cognition(FmEvent event) {
            if (event instanceof FmEvent.Planned plan) {
                contents("steps", plan.steps());
                maybe("reason", plan.reason());
            } else if (event instanceof FmEvent.Decided decision) {
                maybe("question", decision.question());
                contents("options", decision.options());
                maybe("choice", decision.choice());
                maybe("reason", decision.reason());
            } else if (event instanceof FmEvent.MessageSent message) {
                text("from", message.from());
                text("to", message.to());
                value("content", message.content());
            } else if (event instanceof FmEvent.Thought thought) {
                maybe("text", thought.text());
            } else if (event instanceof FmEvent.Asked asked) {
                maybe("question", asked.question());
            } else if (event instanceof FmEvent.ToolCalled tool) {
                text("tool", tool.request().name());
                textIfThere("id", tool.request().id());
                json("arguments", tool.request().arguments());
            } else if (event instanceof FmEvent.ToolReturned tool) {
                text("tool", tool.request().name());
                textIfThere("id", tool.request().id());
                value("result", tool.result());
                failure(tool.failure());
            } else {
                knowledge(event);
            }
        }

        private void knowledge(FmEvent event) {
            if (event instanceof FmEvent.RetrievalStarted retrieval) {
                maybe("query", retrieval.query().text());
            } else if (event instanceof FmEvent.RetrievalEnded retrieval) {
                maybe("query", retrieval.query().text());
                json.name("documents").beginArray();
                for (Content each : retrieval.documents()) {
                    reference(each.textSegment().text());
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
                text("memory", String.valueOf(memory.memory()));
                messages(memory.messages());
            } else if (event instanceof FmEvent.MemoryWritten memory) {
                text("memory", String.valueOf(memory.memory()));
                messages(memory.messages());
            } else if (event instanceof FmEvent.Crossed crossed) {
                text("boundary", crossed.boundary());
                text("name", crossed.name());
                value("input", crossed.input());
                value("output", crossed.output());
                failure(crossed.failure());
            }
        }

        private void request(Object request) {
            if (request instanceof ChatRequest chat) {
                parameters(chat.parameters());
                messages(chat.messages());
            } else if (request instanceof EmbeddingRequest embedding) {
                json.name("inputs").number(embedding.inputs().size());
            }
        }

        private void parameters(ChatRequestParameters of) {
            json.name("parameters").beginObject();
            textIfThere("model", of.modelName());
            number("temperature", of.temperature());
            number("topP", of.topP());
            number("topK", of.topK());
            number("frequencyPenalty", of.frequencyPenalty());
            number("presencePenalty", of.presencePenalty());
            number("maxOutputTokens", of.maxOutputTokens());
            if (of.responseFormat() != null) {
                text("format", String.valueOf(of.responseFormat().type()));
            }
            if (of.toolSpecifications() != null && !of.toolSpecifications().isEmpty()) {
                json.name("tools").beginArray();
                for (ToolSpecification each : of.toolSpecifications()) {
                    json.text(names.clean(each.name()));
                }
                json.endArray();
            }
            json.endObject();
        }

        private void messages(List<ChatMessage> messages) {
            json.name("messages").beginArray();
            for (ChatMessage each : messages) {
                message(each);
            }
            json.endArray();
        }

        private void message(ChatMessage message) {
            named(messages.of(message));
        }

        private void response(@Nullable Object response) {
            if (response instanceof ChatResponse chat) {
                textIfThere("id", chat.id());
                textIfThere("answeredBy", chat.modelName());
                textIfThere(
                        "finish",
                        chat.finishReason() == null ? null : chat.finishReason().name());
                usage(chat.tokenUsage());
                json.name("answer");
                message(chat.aiMessage());
            } else if (response instanceof EmbeddingResponse embedding) {
                json.name("vectors").number(embedding.embeddings().size());
                usage(embedding.tokenUsage());
            }
        }

        private void usage(@Nullable TokenUsage usage) {
            if (usage != null) {
                number("tokensIn", usage.inputTokenCount());
                number("tokensOut", usage.outputTokenCount());
            }
        }

        private void chunk(Object chunk) {
            if (chunk instanceof PartialResponse partial) {
                maybe("text", partial.text());
            } else if (chunk instanceof PartialThinking partial) {
                maybe("thinking", partial.text());
            } else {
                value("piece", chunk);
            }
        }

        private void attributes(Map<String, String> attributes) {
            json.name("attributes").beginObject();
            for (Map.Entry<String, String> each : attributes.entrySet()) {
                text(names.clean(each.getKey()), each.getValue());
            }
            json.endObject();
        }

        private void failure(@Nullable Failure failure) {
            if (failure != null) {
                text("error", failure.type());
                maybe("message", failure.message());
            }
        }

        private void number(String field, @Nullable Number value) {
            if (value instanceof Double real) {
                json.name(field).number(real);
            } else if (value != null) {
                json.name(field).number(value.longValue());
            }
        }

        /** A part of the skeleton that is text, and redacted like all text. */
        private void text(String field, String value) {
            json.name(field).text(names.clean(value));
        }

        private void textIfThere(String field, @Nullable String value) {
            if (value != null) {
                text(field, value);
            }
        }

        private void value(String field, @Nullable Object value) {
            if (value != null) {
                content(field, shown(value), false);
            }
        }

        private void maybe(String field, @Nullable String text) {
            if (text != null) {
                content(field, text, false);
            }
        }

        private void json(String field, @Nullable String text) {
            if (text != null) {
                content(field, text, true);
            }
        }

        private void contents(String field, List<String> texts) {
            json.name(field).beginArray();
            for (String each : texts) {
                reference(each);
            }
            json.endArray();
        }

        private void content(String field, String text, boolean isJson) {
            json.name(field);
            stored(isJson ? redactor.redactJson(text) : redactor.redact(text));
        }

        private void reference(String text) {
            stored(redactor.redact(text));
        }

        private void stored(String redacted) {
            byte[] bytes = WellFormed.text(redacted).getBytes(StandardCharsets.UTF_8);
            named(ids.named(bytes));
        }

        private void named(Blob content) {
            contents.add(content);
            json.beginObject();
            json.name("#").hex(content.id().high(), content.id().low());
            json.name("n").number(content.length());
            json.endObject();
        }
    }

    /** What an application gave, as text: what it is made of is its own affair, and may fail. */
    private static String shown(Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException | Error e) {
            return "[" + value.getClass().getName() + " cannot be shown: "
                    + e.getClass().getName() + "]";
        }
    }
}
