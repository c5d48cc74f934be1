package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DependencyTest {

    @Test
    void each_kind_reads_as_what_it_is() {
        assertThat(Dependency.document("handbook", "fees")).hasToString("document:handbook/fees");
        assertThat(Dependency.corpus("handbook")).hasToString("corpus:handbook");
        assertThat(Dependency.tool("look")).hasToString("tool:look");
        assertThat(Dependency.prompt("greeting")).hasToString("prompt:greeting");
        assertThat(Dependency.model("OPEN_AI", "gpt-4o")).hasToString("model:OPEN_AI/gpt-4o");
        assertThat(Dependency.tenant("acme")).hasToString("tenant:acme");
        assertThat(Dependency.user("u17")).hasToString("user:u17");
        assertThat(Dependency.conversation("c1")).hasToString("conversation:c1");
    }

    @Test
    void one_that_identifies_nothing_is_refused() {
        assertThatThrownBy(() -> Dependency.document("handbook", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the id of a DOCUMENT of handbook must not be blank");
        assertThatThrownBy(() -> Dependency.user(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the id of a USER must not be blank");
        assertThatThrownBy(() -> Dependency.document("", "fees"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the place of DOCUMENT fees must not be blank: it is the corpus");
        assertThatThrownBy(() -> Dependency.model(" ", "gpt-4o"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the place of MODEL gpt-4o must not be blank: it is the provider");
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses is asked of the method
    void one_without_an_id_is_refused() {
        assertThatThrownBy(() -> Dependency.tool(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the id of a TOOL must not be null");
    }

    @Test
    void a_place_where_none_belongs_is_refused() {
        assertThatThrownBy(() -> new Dependency(Dependency.Kind.TOOL, "desk", "look"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TOOL look is a part of nothing, but its place is desk; leave that empty");
    }
}
