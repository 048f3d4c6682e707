using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Safetensors;

/// <summary>
/// Writes safetensors files: header filled up with spaces to a multiple of eight, wider numbers first, so that every tensor is aligned for its type.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors and texts.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="weights">Tensors by name, in the order in which they shall stand.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>.</param>
    /// <param name="type">Element type of a tensor: <c>F32</c>, <c>F16</c> or <c>BF16</c>.</param>
    public static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, Weight>> weights, IEnumerable<KeyValuePair<string, string>> metadata, Func<Weight, string> type)
    {
        var tensors = weights.Select(pair => (Name: pair.Key, Weight: pair.Value, Type: type(pair.Value)))
            .OrderByDescending(tensor => SafetensorsType.Bytes(tensor.Type)).ToList();
        var header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in tensors)
            Write(stream, tensor.Weight.Values, tensor.Type);
    }

    private static byte[] Header(IEnumerable<(string Name, Weight Weight, string Type)> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach (var (key, text) in metadata)
                json.WriteString(key, text);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, weight, type) in tensors)
                offset = WriteEntry(json, name, weight, type, offset);
            json.WriteEndObject();
        }

        var header = new byte[(buffer.WrittenCount + Alignment - 1) / Alignment * Alignment];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static long WriteEntry(Utf8JsonWriter json, string name, Weight weight, string type, long begin)
    {
        var end = begin + (weight.Values.LongLength * SafetensorsType.Bytes(type)!.Value);
        json.WriteStartObject(name);
        json.WriteString("dtype", type);
        json.WriteStartArray("shape");
        foreach (var size in weight.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static void Write(Stream stream, float[] values, string type)
    {
        switch (type)
        {
            case SafetensorsType.Float16:
                stream.Write(MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()));
                break;
            case SafetensorsType.BFloat16:
                stream.Write(MemoryMarshal.AsBytes(Array.ConvertAll(values, BFloat16.FromSingle).AsSpan()));
                break;
            default:
                stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
                break;
        }
    }
}
