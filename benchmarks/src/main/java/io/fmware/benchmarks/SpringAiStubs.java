package io.fmware.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** The same stubs for Spring AI. */
final class SpringAiStubs {
    static final Prompt PROMPT = new Prompt("How do I activate my card?");
    private static final ChatResponse RESPONSE = answer("In the app.");

    private SpringAiStubs() {}

    private static ChatResponse answer(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }

    static ChatClient client(ChatModel model, int advisors) {
        List<Advisor> passing = new ArrayList<>();
        for (int i = 0; i < advisors; i++) {
            passing.add(new Passing("advisor-" + i));
        }
        return ChatClient.builder(model).defaultAdvisors(passing).build();
    }

    /** Answers with a constant, or streams a burst of equal tokens. */
    static final class Model implements ChatModel {
        private final List<ChatResponse> tokens;

        Model(int tokens) {
            this.tokens = Collections.nCopies(tokens, answer("token "));
        }

        @Override
        public ChatResponse call(Prompt prompt) {
            return RESPONSE;
        }

        @Override
        public Flux<ChatResponse> stream(Prompt prompt) {
            return Flux.fromIterable(tokens);
        }
    }

    /** Hands the call on, and looks at each piece of output. */
    private record Passing(String getName) implements CallAdvisor, StreamAdvisor {

        @Override
        public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
            return chain.nextCall(request);
        }

        @Override
        public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
            return chain.nextStream(request).map(piece -> piece);
        }

        @Override
        public int getOrder() {
            return 0;
        }
    }
}
