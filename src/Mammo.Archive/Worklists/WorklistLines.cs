using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Archive.Lines;
using Mammo.Data.Datasets;

namespace Mammo.Archive.Worklists;

/// <summary>How a worklist is written: a header, and a line for each file.</summary>
internal static class WorklistLines
{
    private const int Version = 1;
    private const string Identity = "id";
    private const string Mark = "worklist";

    private static ReadOnlySpan<byte> ItemStart => "{\"id\":\""u8;

    private static ReadOnlySpan<byte> HeaderStart => "{\"worklist\":"u8;

    public static void WriteHeader(ArrayBufferWriter<byte> target, WorklistHeader header) => CheckedLine.Write(target, json =>
    {
        json.WriteNumber(Mark, Version);
        json.WriteString("root", header.Root);
        json.WriteString("format", header.Format);
        if (header.Classes.IsEmpty)
            return;
        json.WriteStartArray("classes");
        foreach (var name in header.Classes)
            json.WriteStringValue(name);
        json.WriteEndArray();
    });

    public static void Write(ArrayBufferWriter<byte> target, WorkItem item) => CheckedLine.Write(target, json =>
    {
        var image = item.Image;
        json.WriteString(Identity, item.Identity);
        json.WriteString("path", image.Path);
        json.WriteNumber("bytes", item.Bytes);
        foreach (var (name, text) in new[]
        {
            ("class", image.Class), ("patient", image.Patient), ("laterality", image.Laterality), ("view", image.View),
        })
        {
            if (text is not null)
                json.WriteString(name, text);
        }

        if (image.SampleWeight != 1)
            json.WriteNumber("weight", image.SampleWeight);
        if (image.Extra.IsEmpty)
            return;
        json.WriteStartObject("extra");
        foreach (var (name, text) in image.Extra)
            json.WriteString(name, text);
        json.WriteEndObject();
    });

    /// <summary>Whether a whole line is a header.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith(HeaderStart);

    /// <summary>Reads a header.</summary>
    /// <exception cref="JsonException">It is of another version, or no header.</exception>
    public static WorklistHeader Header(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        using var header = JsonDocument.ParseValue(ref json);
        var root = header.RootElement;
        return root.GetProperty(Mark).TryGetInt32(out var version) && version == Version
            ? new WorklistHeader(
                root.GetProperty("root").GetString()!,
                root.GetProperty("format").GetString()!,
                root.TryGetProperty("classes", out var classes) ? [.. classes.EnumerateArray().Select(name => name.GetString()!)] : [])
            : throw new JsonException("it was written by a newer version of Mammo");
    }

    /// <summary>The identity of an item without reading the rest.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ReadOnlySpan<byte> IdentityOf(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(ItemStart))
        {
            var rest = line[ItemStart.Length..];
            var end = rest.IndexOfAny((byte)'"', (byte)'\\');
            if (end > 0 && rest[end] == '"')
                return rest[..end];
        }

        var json = new Utf8JsonReader(line);
        using var item = JsonDocument.ParseValue(ref json);
        return System.Text.Encoding.UTF8.GetBytes(Text(item.RootElement, Identity) ?? throw new JsonException("it has no identity"));
    }

    /// <exception cref="JsonException">It is no item.</exception>
    public static WorkItem Parse(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        using var document = JsonDocument.ParseValue(ref json);
        var item = document.RootElement;
        var image = new MammoImage(Text(item, "path") ?? throw new JsonException("it has no path"))
        {
            Class = Text(item, "class"),
            Patient = Text(item, "patient"),
            Laterality = Text(item, "laterality"),
            View = Text(item, "view"),
            SampleWeight = item.TryGetProperty("weight", out var weight) ? weight.GetDouble() : 1,
            Extra = item.TryGetProperty("extra", out var extra)
                ? extra.EnumerateObject().ToImmutableSortedDictionary(
                    pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.OrdinalIgnoreCase)
                : MammoImage.NoExtra,
        };
        return new WorkItem(
            Text(item, Identity) ?? throw new JsonException("it has no identity"),
            image,
            item.TryGetProperty("bytes", out var bytes) && bytes.TryGetInt64(out var length) ? length : throw new JsonException("it has no length"));
    }

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;
}
