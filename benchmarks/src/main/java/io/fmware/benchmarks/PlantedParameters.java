package io.fmware.benchmarks;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes of the parameters that a model is asked with. */
final class PlantedParameters {
    private static final Map<String, ChatRequestParameters> CHANGES = changes();

    private PlantedParameters() {}

    private static Map<String, ChatRequestParameters> changes() {
        Map<String, ChatRequestParameters> changes = new LinkedHashMap<>();
        changes.put("temperature", common().temperature(0.25).build());
        changes.put("temperature of 0", common().temperature(0.0).build());
        changes.put("max tokens", common().maxOutputTokens(301).build());
        changes.put(
                "stop sequence added",
                common().stopSequences("END", "STOP", "\n\n").build());
        changes.put(
                "stop sequence of other letters",
                common().stopSequences("End", "STOP").build());
        changes.put("topP", common().topP(0.95).build());
        changes.put("topK", common().topK(40).build());
        changes.put("penalty", common().frequencyPenalty(0.1).build());
        changes.put("model", common().modelName("desk-3").build());
        changes.put("tool choice", common().toolChoice(ToolChoice.NONE).build());
        changes.put(
                "schema: property added",
                common().responseFormat(PlantedWorkflow.format("finding", "reason", "paragraph"))
                        .build());
        changes.put(
                "schema: property removed",
                common().responseFormat(PlantedWorkflow.format("finding")).build());
        changes.put(
                "schema: type changed",
                common().responseFormat(typed("Finding")).build());
        changes.put(
                "schema: name and type",
                common().responseFormat(typed("Verdict")).build());
        changes.put("no schema", common().responseFormat(ResponseFormat.JSON).build());
        changes.put("own: seed", own().seed(18).build());
        changes.put("own: user", own().user("desk-b").build());
        changes.put("own: tier", own().serviceTier("flex").build());
        changes.put("own: effort", own().reasoningEffort("low").build());
        changes.put("own: parallel tools", own().parallelToolCalls(false).build());
        changes.put(
                "own: custom", own().customParameters(Map.of("cache", "off")).build());
        return changes;
    }

    private static DefaultChatRequestParameters.Builder<?> common() {
        return ChatRequestParameters.builder();
    }

    private static OpenAiChatRequestParameters.Builder own() {
        return OpenAiChatRequestParameters.builder();
    }

    private static ResponseFormat typed(String name) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(name)
                        .rootElement(JsonObjectSchema.builder()
                                .addIntegerProperty("finding", "the finding")
                                .addStringProperty("reason", "the reason")
                                .required("finding")
                                .build())
                        .build())
                .build();
    }

    static PlantedChange of(long seed) {
        PlantedPair pair = new PlantedPair(seed);
        PlantedNode node = pair.any(each -> each.kind.asks());
        List<String> names = List.copyOf(CHANGES.keySet());
        String change = names.get((int) Math.floorMod(seed / 3, names.size()));
        ChatRequestParameters changed = CHANGES.get(change);
        node.parameters = changed instanceof OpenAiChatRequestParameters
                ? OpenAiChatRequestParameters.builder()
                        .overrideWith(node.parameters)
                        .build()
                        .overrideWith(changed)
                : node.parameters.overrideWith(changed);
        return pair.built(change, node);
    }
}
