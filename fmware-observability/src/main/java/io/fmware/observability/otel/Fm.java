package io.fmware.observability.otel;

import io.opentelemetry.api.common.AttributeKey;

/** Names of our own, for what the conventions have no word for. They never change. */
final class Fm {
    static final AttributeKey<String> RUN = AttributeKey.stringKey("fmware.run.id");
    static final AttributeKey<String> TENANT = AttributeKey.stringKey("fmware.tenant");
    static final AttributeKey<String> USER = AttributeKey.stringKey("fmware.user");
    static final AttributeKey<String> FEATURE = AttributeKey.stringKey("fmware.feature");
    static final AttributeKey<String> BOUNDARY = AttributeKey.stringKey("fmware.boundary");
    static final AttributeKey<String> MODEL = AttributeKey.stringKey("fmware.model");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("fmware.attempt");
    static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("fmware.attempts");
    static final AttributeKey<String> SOURCE = AttributeKey.stringKey("fmware.source");
    static final AttributeKey<Long> ATTEMPT_INPUT = AttributeKey.longKey("fmware.attempt.input_tokens");
    static final AttributeKey<Long> ATTEMPT_OUTPUT = AttributeKey.longKey("fmware.attempt.output_tokens");
    static final AttributeKey<String> STEP = AttributeKey.stringKey("fmware.step.name");
    static final AttributeKey<Long> INPUTS = AttributeKey.longKey("fmware.inputs");
    static final AttributeKey<Long> OUTPUTS = AttributeKey.longKey("fmware.outputs");
    static final AttributeKey<String> QUERY = AttributeKey.stringKey("fmware.query");
    static final AttributeKey<Boolean> UNCLOSED = AttributeKey.booleanKey("fmware.unclosed");
    static final AttributeKey<Long> DROPPED = AttributeKey.longKey("fmware.dropped");
    static final AttributeKey<String> REASON = AttributeKey.stringKey("fmware.reason");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("fmware.operation");
    static final AttributeKey<String> MODE = AttributeKey.stringKey("fmware.mode");
    static final AttributeKey<String> INTERCEPTOR = AttributeKey.stringKey("fmware.interceptor");
    static final AttributeKey<String> ACTION = AttributeKey.stringKey("fmware.action");

    private Fm() {}

    static AttributeKey<String> text(String name) {
        return AttributeKey.stringKey("fmware." + name);
    }

    static AttributeKey<Long> number(String name) {
        return AttributeKey.longKey("fmware." + name);
    }
}
