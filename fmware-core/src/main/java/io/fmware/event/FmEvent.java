package io.fmware.event;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that an application with foundation models did or thought. Events are immutable as far as langchain4j's types in
 * them are; they hold content of requests and answers, which is to be {@linkplain Redactor redacted} before it leaves the
 * process.
 *
 * <p>New kinds of events and new components may come with a minor version of FMware, which raises {@link #VERSION}; those that
 * are there keep their names and meanings. A reader passes over what it does not know.
 *
 * <p>Long because it is the whole vocabulary, and a vocabulary is read in one place.
 */
public sealed interface FmEvent {
    /** The version of the vocabulary. */
    int VERSION = 1;

    /**
     * Where the event comes from, and when.
     *
     * @return the origin
     */
    EventOrigin origin();

    /**
     * How deep a look it gives.
     *
     * @return the depth, the same for all events of a kind
     */
    Depth depth();

    /**
     * The name of the kind of event in recordings and exports; it never changes.
     *
     * @return the name, such as {@code tool.called}
     */
    String type();

    /**
     * What went wrong, of all events that can tell of it.
     *
     * @return the failure, {@code null} where it tells of none
     */
    default @Nullable Failure failure() {
        return null;
    }

    /**
     * A run began.
     *
     * @param origin where and when
     * @param name the name of the run
     * @param attributes tenant, user, conversation, feature and what else the application said of the run
     */
    record RunStarted(EventOrigin origin, String name, Map<String, String> attributes) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param name the name of the run
         * @param attributes tenant, user, conversation, feature and what else the application said of the run
         */
        public RunStarted {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }

        @Override
        public Depth depth() {
            return Depth.RUN;
        }

        @Override
        public String type() {
            return "run.started";
        }
    }

    /**
     * A run ended. Nothing of the run follows.
     *
     * @param origin where and when
     * @param open how many scopes were still open: work that went on, or was never closed
     * @param failure why the run failed, or {@code null}
     */
    record RunEnded(EventOrigin origin, long open, @Nullable Failure failure) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.RUN;
        }

        @Override
        public String type() {
            return "run.ended";
        }
    }

    /**
     * An agent was asked.
     *
     * @param origin where and when
     * @param agent its name
     * @param inputs its arguments by name
     * @param description what it is for, or {@code null}
     */
    record AgentStarted(
            EventOrigin origin,
            String agent,
            Map<String, Object> inputs,
            @Nullable String description) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param agent its name
         * @param inputs its arguments by name
         * @param description what it is for, or {@code null}
         */
        public AgentStarted {
            inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        }

        @Override
        public Depth depth() {
            return Depth.AGENT;
        }

        @Override
        public String type() {
            return "agent.started";
        }
    }

    /**
     * An agent gave its result.
     *
     * @param origin where and when
     * @param agent its name
     * @param output the result, {@code null} where there is none
     * @param failure why it failed, or {@code null}
     */
    record AgentEnded(
            EventOrigin origin,
            String agent,
            @Nullable Object output,
            @Nullable Failure failure) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.AGENT;
        }

        @Override
        public String type() {
            return "agent.ended";
        }
    }

    /**
     * A step of an agent or of the application began.
     *
     * @param origin where and when
     * @param step its name
     */
    record StepStarted(EventOrigin origin, String step) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "step.started";
        }
    }

    /**
     * A step ended.
     *
     * @param origin where and when
     * @param step its name
     * @param failure why it failed, or {@code null}
     */
    record StepEnded(
            EventOrigin origin, String step, @Nullable Failure failure) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "step.ended";
        }
    }

    /**
     * It was laid down what to do next.
     *
     * @param origin where and when
     * @param steps what is to be done, in order
     * @param reason the reason stated, or {@code null}
     */
    record Planned(
            EventOrigin origin,
            List<String> steps,
            @Nullable String reason) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param steps what is to be done, in order
         * @param reason the reason stated, or {@code null}
         */
        public Planned {
            steps = Collections.unmodifiableList(new ArrayList<>(steps));
        }

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "plan";
        }
    }

    /**
     * One of several options was taken.
     *
     * @param origin where and when
     * @param question what was to be decided
     * @param options what could be chosen
     * @param choice what was chosen
     * @param reason the reason stated, or {@code null}
     */
    record Decided(
            EventOrigin origin,
            String question,
            List<String> options,
            String choice,
            @Nullable String reason) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param question what was to be decided
         * @param options what could be chosen
         * @param choice what was chosen
         * @param reason the reason stated, or {@code null}
         */
        public Decided {
            options = Collections.unmodifiableList(new ArrayList<>(options));
        }

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "decision";
        }
    }

    /**
     * One agent said something to another.
     *
     * @param origin where and when
     * @param from the name of the sender
     * @param to the name of the receiver
     * @param content what was said
     */
    record MessageSent(EventOrigin origin, String from, String to, Object content) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.AGENT;
        }

        @Override
        public String type() {
            return "message";
        }
    }

    /**
     * A model or an agent reasoned aloud.
     *
     * @param origin where and when
     * @param text the reasoning
     */
    record Thought(EventOrigin origin, String text) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "thinking";
        }
    }

    /**
     * A tool was asked.
     *
     * @param origin where and when
     * @param request the name of the tool, its arguments and the id of the call
     */
    record ToolCalled(EventOrigin origin, ToolExecutionRequest request) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "tool.called";
        }
    }

    /**
     * A tool answered.
     *
     * @param origin where and when
     * @param request what it was asked
     * @param result its result, {@code null} where there is none
     * @param failure why it failed, or {@code null}
     */
    record ToolReturned(
            EventOrigin origin,
            ToolExecutionRequest request,
            @Nullable Object result,
            @Nullable Failure failure) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "tool.returned";
        }
    }

    /**
     * A person asked something, in these words: before documents were added to them, and whatever prompt was made of them.
     *
     * @param origin where and when
     * @param question the question
     */
    record Asked(EventOrigin origin, String question) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "question";
        }
    }

    /**
     * Documents were asked for.
     *
     * @param origin where and when
     * @param query what was looked for
     */
    record RetrievalStarted(EventOrigin origin, Query query) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "retrieval.started";
        }
    }

    /**
     * A store of embeddings was searched.
     *
     * @param origin where and when
     * @param maxResults how many results were asked for
     * @param minScore the least score that a result was to have, from 0 to 1
     * @param scores the scores of what was found, best first
     */
    record Searched(EventOrigin origin, int maxResults, double minScore, List<Double> scores) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param maxResults how many results were asked for
         * @param minScore the least score that a result was to have
         * @param scores the scores of what was found
         */
        public Searched {
            scores = Collections.unmodifiableList(new ArrayList<>(scores));
        }

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "search";
        }
    }

    /**
     * Documents were found; their scores are in their metadata.
     *
     * @param origin where and when
     * @param query what was looked for
     * @param documents what was found, best first; empty on a failure
     * @param failure why it failed, or {@code null}
     */
    record RetrievalEnded(
            EventOrigin origin,
            Query query,
            List<Content> documents,
            @Nullable Failure failure) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param query what was looked for
         * @param documents what was found, best first; empty on a failure
         * @param failure why it failed, or {@code null}
         */
        public RetrievalEnded {
            documents = Collections.unmodifiableList(new ArrayList<>(documents));
        }

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "retrieval.ended";
        }
    }

    /**
     * A chat memory was read.
     *
     * @param origin where and when
     * @param memory the id of the memory
     * @param messages what it held
     * @param failure why that failed, or {@code null}
     */
    record MemoryRead(
            EventOrigin origin,
            Object memory,
            List<ChatMessage> messages,
            @Nullable Failure failure) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param memory the id of the memory
         * @param messages what it held
         * @param failure why that failed, or {@code null}
         */
        public MemoryRead {
            messages = Collections.unmodifiableList(new ArrayList<>(messages));
        }

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "memory.read";
        }
    }

    /**
     * A chat memory was changed.
     *
     * @param origin where and when
     * @param memory the id of the memory
     * @param messages what was added, or all it holds where it was set anew; empty where it was cleared
     * @param failure why that failed, or {@code null}
     */
    record MemoryWritten(
            EventOrigin origin,
            Object memory,
            List<ChatMessage> messages,
            @Nullable Failure failure) implements FmEvent {

        /**
         * Copies what could change.
         *
         * @param origin where and when
         * @param memory the id of the memory
         * @param messages what was added, or all it holds where it was set anew; empty where it was cleared
         * @param failure why that failed, or {@code null}
         */
        public MemoryWritten {
            messages = Collections.unmodifiableList(new ArrayList<>(messages));
        }

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "memory.written";
        }
    }

    /**
     * A model was asked: once for each question of the application, however many attempts it takes.
     *
     * @param origin where and when
     * @param model the name of the model
     * @param request the {@code ChatRequest} or {@code EmbeddingRequest}
     */
    record CallStarted(EventOrigin origin, String model, Object request) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.CALL;
        }

        @Override
        public String type() {
            return "call.started";
        }
    }

    /**
     * The application got its answer.
     *
     * @param origin where and when
     * @param model the name of the model
     * @param response the {@code ChatResponse} or {@code EmbeddingResponse}, {@code null} on a failure
     * @param source where the answer came from: model, cache, fallback, replay; empty on a failure
     * @param attempts how many calls of a model it took
     * @param failure why it failed, or {@code null}
     */
    record CallEnded(
            EventOrigin origin,
            String model,
            @Nullable Object response,
            String source,
            int attempts,
            @Nullable Failure failure)
            implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.CALL;
        }

        @Override
        public String type() {
            return "call.ended";
        }
    }

    /**
     * A model was really asked.
     *
     * @param origin where and when
     * @param model the name of the model
     * @param request the {@code ChatRequest} or {@code EmbeddingRequest} as this attempt sends it
     * @param attempt the number of the attempt, from 1
     */
    record AttemptStarted(EventOrigin origin, String model, Object request, int attempt) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.CALL;
        }

        @Override
        public String type() {
            return "attempt.started";
        }
    }

    /**
     * A model answered or failed.
     *
     * @param origin where and when
     * @param model the name of the model
     * @param response the {@code ChatResponse} or {@code EmbeddingResponse}, {@code null} on a failure
     * @param failure why it failed, or {@code null}
     */
    record AttemptEnded(
            EventOrigin origin,
            String model,
            @Nullable Object response,
            @Nullable Failure failure) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.CALL;
        }

        @Override
        public String type() {
            return "attempt.ended";
        }
    }

    /**
     * A request left for a server.
     *
     * @param origin where and when
     * @param method the HTTP method
     * @param address the name or the address of the server
     * @param port its port
     */
    record RequestSent(EventOrigin origin, String method, String address, int port) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.BYTES;
        }

        @Override
        public String type() {
            return "request.sent";
        }
    }

    /**
     * A piece of a streamed answer arrived.
     *
     * @param origin where and when
     * @param chunk the piece, as langchain4j gives it to a handler
     */
    record ChunkArrived(EventOrigin origin, Object chunk) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.BYTES;
        }

        @Override
        public String type() {
            return "chunk";
        }
    }

    /**
     * A guard or a validator judged a request or an answer.
     *
     * @param origin where and when
     * @param by the name of the interceptor
     * @param accepted whether it may pass
     * @param reason why not, or {@code null}
     */
    record VerdictGiven(
            EventOrigin origin,
            String by,
            boolean accepted,
            @Nullable String reason) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.CALL;
        }

        @Override
        public String type() {
            return "verdict";
        }
    }

    /**
     * A cache was asked.
     *
     * @param origin where and when
     * @param cache the name of the cache
     * @param outcome such as hit, miss, refused
     */
    record CacheConsulted(EventOrigin origin, String cache, String outcome) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.CALL;
        }

        @Override
        public String type() {
            return "cache";
        }
    }

    /**
     * Somebody said what an answer was worth.
     *
     * @param origin where and when
     * @param kind such as thumb, score, correction
     * @param value what was said, such as up or down
     * @param responseId the id of the answer, as its provider gave it; {@code null} for the answers of the run
     */
    record FeedbackGiven(
            EventOrigin origin,
            String kind,
            String value,
            @Nullable String responseId) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.RUN;
        }

        @Override
        public String type() {
            return "feedback";
        }
    }

    /**
     * An answer was scored.
     *
     * @param origin where and when
     * @param name the name of the measure
     * @param score the score
     * @param label the score in words, or {@code null}
     * @param explanation how it came about, or {@code null}
     * @param responseId the id of the answer, as its provider gave it, or {@code null}
     */
    record Evaluated(
            EventOrigin origin,
            String name,
            double score,
            @Nullable String label,
            @Nullable String explanation,
            @Nullable String responseId)
            implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.RUN;
        }

        @Override
        public String type() {
            return "evaluation";
        }
    }

    /**
     * Something went wrong that is not the end of a call, an agent or a run.
     *
     * @param origin where and when
     * @param failure what went wrong
     */
    record Failed(EventOrigin origin, Failure failure) implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "error";
        }
    }

    /**
     * Another boundary was crossed: scoring, moderation, a fork or a join, a clock, randomness, an id.
     *
     * @param origin where and when
     * @param boundary the word for its kind
     * @param name the name at the boundary
     * @param input what went in, or {@code null}
     * @param output what came back, or {@code null}
     * @param failure why it failed, or {@code null}
     */
    record Crossed(
            EventOrigin origin,
            String boundary,
            String name,
            @Nullable Object input,
            @Nullable Object output,
            @Nullable Failure failure)
            implements FmEvent {

        @Override
        public Depth depth() {
            return Depth.STEP;
        }

        @Override
        public String type() {
            return "boundary";
        }
    }

    /**
     * A thread of a run whose threads go on in an order had its turn, at something that is no boundary; what follows is what it
     * does.
     *
     * @param origin where and when
     * @param turn the word for the turn: {@code begin}, {@code join} or {@code next}; or {@link #LOST}
     */
    record TurnTaken(EventOrigin origin, String turn) implements FmEvent {

        /** No turn: from where it was at last a thread has gone on without one, beside the others. */
        public static final String LOST = "lost";

        @Override
        public Depth depth() {
            return Depth.BYTES;
        }

        @Override
        public String type() {
            return "turn";
        }
    }
}
