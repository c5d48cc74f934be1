package io.fmware.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.testing.conformance.ChatModelConformance;
import io.fmware.testing.conformance.KitRun;
import io.fmware.testing.conformance.StreamingChatModelConformance;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;

/** What the kit finds in the two forms of decorators that applications use most. */
class PopularDecoratorsTest {

    @Test
    void a_decorator_that_overrides_only_the_form_with_a_request_fails_on_every_call_with_options() {
        assertThat(KitRun.of(OnlyChatWithRequest.class).broken())
                .containsOnlyKeys(
                        "everyFormOfChatReachesTheDelegateOnce",
                        "modelsThatOverrideOnlyChatWork",
                        "requestOptionsReachTheDelegate",
                        "theFormWithOptionsAnswersLikeTheFormWithout");
    }

    @Test
    void a_spring_proxy_of_a_chat_model_hides_that_old_models_have_no_form_with_options() {
        assertThat(KitRun.of(SpringProxyOfChat.class).broken()).containsOnlyKeys("modelsThatOverrideOnlyChatWork");
    }

    @Test
    void a_spring_proxy_of_a_streaming_model_breaks_besides_what_langchain4j_does_not_keep_itself() {
        assertThat(KitRun.of(SpringProxyOfStreamingChat.class).broken())
                .containsOnlyKeys(
                        "aCancelledStreamEnds",
                        "aCompletionAfterAnErrorIsDropped",
                        "aHandlerThatThrowsAtTheEndGetsNoSecondEnd",
                        "aHandlerThatThrowsGetsOneErrorAndNothingElse",
                        "aSecondCompletionIsDropped",
                        "anErrorAfterTheCompletionIsDropped",
                        "messagesChangedAfterTheCallAreNotSeen",
                        "modelsThatOverrideOnlyChatWork",
                        "partialResponsesAfterTheCompletionAreDropped");
    }

    static class OnlyChatWithRequest extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return new LimitedChatModel(delegate);
        }
    }

    /** Most public decorators of langchain4j's ChatModel look like this: the one method, and the description forwarded. */
    private record LimitedChatModel(ChatModel delegate) implements ChatModel {
        @Override
        public ChatResponse chat(ChatRequest request) {
            return delegate.chat(request); // where a rate limiter, a retry or a cache would be asked
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return delegate.defaultRequestParameters();
        }

        @Override
        public List<ChatModelListener> listeners() {
            return delegate.listeners();
        }

        @Override
        public ModelProvider provider() {
            return delegate.provider();
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return delegate.supportedCapabilities();
        }
    }

    /** As made for annotations such as Spring's {@code @Retryable} and {@code @Cacheable}. */
    static class SpringProxyOfChat extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return proxy(ChatModel.class, delegate);
        }
    }

    static class SpringProxyOfStreamingChat extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return proxy(StreamingChatModel.class, delegate);
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(300);
        }
    }

    private static <M> M proxy(Class<M> type, M delegate) {
        ProxyFactory factory = new ProxyFactory(type, (MethodInterceptor) invocation -> invocation.proceed());
        factory.setTarget(delegate);
        return type.cast(factory.getProxy());
    }
}
