package io.fmware.provider.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmStreamingChatModel;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import jakarta.inject.Singleton;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The code of the page on Spring and Quarkus beans. */
class BeansSnippetsTest {

    // docs:start beans-spring
    @Configuration
    static class FmwareConfiguration {

        @Bean // closed, and so drained, with the application
        static FmPipeline pipeline() {
            return FmPipeline.builder()
                    .with(Deadlines.of(Duration.ofSeconds(20)))
                    .build();
        }

        @Bean
        static BeanPostProcessor wrapModels(ObjectProvider<FmPipeline> pipeline) {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof ChatModel model) {
                        return pipeline.getObject().wrap(model);
                    }
                    if (bean instanceof StreamingChatModel model) {
                        return pipeline.getObject().wrap(model);
                    }
                    return bean instanceof EmbeddingModel model
                            ? pipeline.getObject().wrap(model)
                            : bean;
                }
            };
        }
    }
    // docs:end beans-spring

    @Configuration
    static class Models {

        @Bean
        ChatModel chat() {
            return ScriptedChatModel.replying("hello");
        }

        @Bean
        StreamingChatModel streaming() {
            return ScriptedStreamingChatModel.replying("hello");
        }
    }

    @Test
    void spring_injects_wrapped_models_and_closes_the_pipeline_with_the_application() {
        ChatModel chat;
        try (var spring = new AnnotationConfigApplicationContext(FmwareConfiguration.class, Models.class)) {
            chat = spring.getBean(ChatModel.class);
            assertThat(chat).isInstanceOf(FmChatModel.class).hasToString("deadlines(ScriptedChatModel)");
            assertThat(chat.chat("Hi")).isEqualTo("hello");
            assertThat(spring.getBean(StreamingChatModel.class)).isInstanceOf(FmStreamingChatModel.class);
        }
        assertThatThrownBy(() -> chat.chat("Hi"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this pipeline is closed; keep it open as long as its models are used");
    }

    @Qualifier
    @Retention(RetentionPolicy.RUNTIME)
    @interface Trusted {

        /** The qualifier as a value. */
        class Literal extends AnnotationLiteral<Trusted> implements Trusted {
            private static final long serialVersionUID = 1L;
        }
    }

    @ApplicationScoped
    static class Producers {
        // docs:start beans-cdi
        @Produces
        @Singleton
        @Trusted
        ChatModel trusted(FmPipeline pipeline, ChatModel model) {
            return pipeline.wrap(model);
        }
        // docs:end beans-cdi

        @Produces
        @Singleton
        FmPipeline pipeline() {
            return FmPipeline.builder().build();
        }

        void close(@Disposes FmPipeline pipeline) {
            pipeline.close();
        }

        @Produces
        @Singleton
        ChatModel plain() {
            return ScriptedChatModel.replying("hello");
        }
    }

    @Test
    void cdi_injects_the_wrapped_model_where_its_qualifier_is() {
        ChatModel trusted;
        try (SeContainer cdi = SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(Producers.class)
                .initialize()) {
            trusted = cdi.select(ChatModel.class, new Trusted.Literal()).get();
            assertThat(trusted).isInstanceOf(FmChatModel.class).hasToString("ScriptedChatModel");
            assertThat(trusted.chat("Hi")).isEqualTo("hello");
            assertThat(cdi.select(ChatModel.class, Default.Literal.INSTANCE).get())
                    .isInstanceOf(ScriptedChatModel.class);
        }
        assertThatThrownBy(() -> trusted.chat("Hi"))
                .hasMessage("this pipeline is closed; keep it open as long as its models are used");
    }
}
