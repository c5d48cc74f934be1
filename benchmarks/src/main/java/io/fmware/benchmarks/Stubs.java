package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;

/** Models that answer at once, so that what is measured is what stands before them. */
final class Stubs {
    static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(UserMessage.from("How do I activate my card?"))
            .build();
    static final ChatResponse RESPONSE =
            ChatResponse.builder().aiMessage(AiMessage.from("In the app.")).build();

    private Stubs() {}

    /** The parameters that the OpenAI client merges into each request. */
    static ChatRequestParameters openAiParameters() {
        return OpenAiChatRequestParameters.builder().modelName("gpt-4o-mini").build();
    }

    static ChatRequestParameters plainParameters() {
        return ChatRequestParameters.builder().modelName("gpt-4o-mini").build();
    }

    /** Answers with a constant. */
    record Chat(ChatRequestParameters defaultRequestParameters) implements ChatModel {

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return RESPONSE;
        }
    }

    /** Streams a burst of equal tokens on the calling thread, in the form in which provider clients call a handler. */
    record Streaming(int tokens) implements StreamingChatModel {
        private static final StreamingHandle HANDLE = new NoHandle();
        private static final ChatRequestParameters PARAMETERS = openAiParameters();
        private static final String[] WORDS = "In the app, tap Cards and then Activate .".split("(?<= )");

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return PARAMETERS;
        }

        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            for (int i = 0; i < tokens; i++) {
                handler.onPartialResponse(
                        new PartialResponse(WORDS[i % WORDS.length]), new PartialResponseContext(HANDLE));
            }
            handler.onCompleteResponse(RESPONSE);
        }
    }

    private static final class NoHandle implements StreamingHandle {
        @Override
        public void cancel() {}

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
