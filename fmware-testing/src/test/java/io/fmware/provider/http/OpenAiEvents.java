package io.fmware.provider.http;

/** Events of a streamed OpenAI chat completion. */
final class OpenAiEvents {

    static final String DONE = "[DONE]";
    static final String STOP = chunk("{}", "\"stop\"");
    static final String USAGE = """
            {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
            "usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";

    private OpenAiEvents() {}

    static String token(String text) {
        return chunk("{\"role\":\"assistant\",\"content\":\"" + text + "\"}", "null");
    }

    static String toolCall(String name, String arguments) {
        String id = name.isEmpty() ? "" : "\"id\":\"call-1\",\"type\":\"function\",";
        return chunk(
                "{\"tool_calls\":[{\"index\":0," + id + "\"function\":{"
                        + (name.isEmpty() ? "" : "\"name\":\"" + name + "\",") + "\"arguments\":\""
                        + arguments.replace("\"", "\\\"") + "\"}}]}",
                "null");
    }

    private static String chunk(String delta, String finishReason) {
        return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}";
    }
}
