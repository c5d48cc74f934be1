package io.fmware.docs;

// docs:start readme-start
import io.fmware.FmPipeline;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.testing.ScriptedChatModel;

public class FirstSteps {

    record Order(String item, int quantity) {}

    public static void main(String[] args) {
        // Stands in for a real model: first it talks, then, told what was wrong, it answers as asked.
        ScriptedChatModel model =
                ScriptedChatModel.replying("Certainly! Two teas coming up.", "{\"item\": \"tea\", \"quantity\": 2}");

        try (FmPipeline pipeline = FmPipeline.builder()
                .with(Reprompting.upTo(3).until(Replies.matchSchema(Order.class)))
                .build()) {
            System.out.println(pipeline.wrap(model).chat("Order two teas as JSON"));
            System.out.println(model.requests().get(1).messages().get(2));
        }
    }
}
// docs:end readme-start
