package io.fmware.cache;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The ways in which a user asks a cached model. */
enum Asking {
    CHAT,
    ASYNC,
    STREAM;

    private static final int BOUND_SECONDS = 20;

    /**
     * What a user got.
     *
     * @param response the answer
     * @param pieces what came before it, for a stream
     */
    record Got(ChatResponse response, List<String> pieces) {
        String text() {
            return response.aiMessage().text();
        }
    }

    /** A model behind a pipeline. */
    interface Model {
        Got ask(ChatRequest request);

        default Got ask(String question) {
            return ask(
                    ChatRequest.builder().messages(UserMessage.from(question)).build());
        }

        /** How often the model behind the pipeline was asked. */
        int asked();
    }

    Model of(FmPipeline pipeline, Script script) {
        return of(
                pipeline,
                script,
                ChatRequestParameters.builder().modelName("gpt").build());
    }

    Model of(FmPipeline pipeline, Script script, ChatRequestParameters defaults) {
        if (this == STREAM) {
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                    .script(script)
                    .defaultRequestParameters(defaults)
                    .build();
            return streaming(pipeline.wrap(model), model);
        }
        ScriptedChatModel model = ScriptedChatModel.builder()
                .script(script)
                .defaultRequestParameters(defaults)
                .build();
        return blocking(pipeline.wrap((ChatModel) model), model);
    }

    private Model blocking(io.fmware.FmChatModel wrapped, ScriptedChatModel model) {
        return new Model() {
            @Override
            public Got ask(ChatRequest request) {
                return new Got(
                        Asking.this == CHAT ? wrapped.chat(request) : joined(wrapped.chatAsync(request)), List.of());
            }

            @Override
            public int asked() {
                return model.requests().size();
            }
        };
    }

    private static Model streaming(StreamingChatModel wrapped, ScriptedStreamingChatModel model) {
        return new Model() {
            @Override
            public Got ask(ChatRequest request) {
                List<String> pieces = new CopyOnWriteArrayList<>();
                CompletableFuture<ChatResponse> end = new CompletableFuture<>();
                wrapped.chat(request, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String partial) {
                        pieces.add(partial);
                    }

                    @Override
                    public void onPartialThinking(PartialThinking partial) {
                        pieces.add("(" + partial.text() + ")");
                    }

                    @Override
                    public void onCompleteToolCall(CompleteToolCall call) {
                        pieces.add(call.toolExecutionRequest().name() + "!");
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        end.completeExceptionally(error);
                    }
                });
                return new Got(joined(end), pieces);
            }

            @Override
            public int asked() {
                return model.requests().size();
            }
        };
    }

    private static ChatResponse joined(CompletableFuture<ChatResponse> future) {
        try {
            return future.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
