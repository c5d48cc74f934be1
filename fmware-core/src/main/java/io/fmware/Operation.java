package io.fmware;

/** What a call asks of a model; the names are those of the OpenTelemetry GenAI conventions. */
public enum Operation {
    /** A chat completion, streamed or not. */
    CHAT,
    /** The embedding of one or more inputs. */
    EMBEDDINGS
}
