package io.fmware;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where calls enter the chain of one wrapped model.
 *
 * @param engine what the calls of the pipeline share
 * @param target the model behind the chain
 * @param chain the chain
 */
record Entrance(Engine engine, Target target, Chain chain) {

    /** Runs a call on this thread, from those of its caller or of another chain. */
    FmReply run(FmCall call) {
        long begun = engine.begin();
        try {
            return engine.run(chain, call, begun);
        } finally {
            engine.end();
        }
    }

    /** Runs a call of another chain that ends at this model. */
    FmReply enter(FmCall outer) {
        return run(outer.into(engine, target));
    }

    /** The scope of a call that keeps its caller's thread. */
    CallScope blocking() {
        return new CallScope(engine, Mode.BLOCKING, Cancellation.NEVER, Thread.currentThread());
    }

    ChatRequest checked(@Nullable ChatRequest request) {
        return Requests.checked(request, engine.maxRequestCharacters());
    }

    FmCall chat(CallScope scope, ChatRequest request, @Nullable ChatRequestOptions options, TokenSink sink) {
        ChatRequestOptions given = options == null ? ChatRequestOptions.EMPTY : options;
        FmCall call = FmCall.chat(
                scope, target, request, CallOptions.forModel(given), sink, CallOptions.deadline(given, engine.time()));
        Priority priority = CallOptions.priority(given);
        return priority == null ? call : call.with(Priority.OF_CALL, priority);
    }

    FmCall embeddings(CallScope scope, EmbeddingInputs inputs) {
        return FmCall.embeddings(scope, target, inputs);
    }

    /** Shows the chain as it runs. */
    @Override
    public String toString() {
        return chain.toString();
    }
}
