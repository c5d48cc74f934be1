package dev.langchain4j.model.input;

import dev.langchain4j.spi.prompt.PromptTemplateFactory;

/** Lets tests compare with what langchain4j does by itself, which it keeps in this package. */
public final class PlainTemplates {

    private PlainTemplates() {}

    /** langchain4j's own. */
    public static PromptTemplateFactory factory() {
        return new DefaultPromptTemplateFactory();
    }
}
