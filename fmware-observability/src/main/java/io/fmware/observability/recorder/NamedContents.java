package io.fmware.observability.recorder;

/** Contents that are named in their event, by an id and a length. */
final class NamedContents implements Contents<Blob> {
    private final ContentIds ids;

    NamedContents(ContentIds ids) {
        this.ids = ids;
    }

    @Override
    public Blob of(byte[]... utf8) {
        return ids.named(utf8);
    }

    @Override
    public int length(Blob content) {
        return content.length();
    }

    @Override
    public void write(Blob content, boolean isJson, JsonWriter to) {
        to.beginObject();
        to.name("#").hex(content.id().high(), content.id().low());
        to.name("n").number(content.length());
        if (isJson) {
            to.name("j").flag(true);
        }
        to.endObject();
    }
}
