using System.Collections.Immutable;
using System.Text.Json;

namespace Mammo.Networks.Files.Safetensors;

/// <summary>The JSON header of a safetensors file, read strictly.</summary>
/// <param name="Metadata">The map under <c>__metadata__</c>.</param>
/// <param name="Entries">All tensors in the order of their bytes.</param>
/// <remarks>Format: https://github.com/huggingface/safetensors#format. Whatever two readers could understand differently is refused.</remarks>
internal sealed record SafetensorsHeader(ImmutableDictionary<string, string> Metadata, ImmutableArray<SafetensorsEntry> Entries)
{
    /// <summary>Name of the map of texts among the tensors.</summary>
    public const string MetadataKey = "__metadata__";

    private const int HighestRank = 16;

    /// <summary>Reads the header's bytes.</summary>
    /// <param name="json">The bytes, with the spaces that fill them up.</param>
    /// <param name="dataLength">Bytes of the file after the header.</param>
    /// <exception cref="InvalidDataException">The header breaks a rule of the format; the message says which.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        Demand(reader.Read() && reader.TokenType == JsonTokenType.StartObject && json[0] == (byte)'{', "the header does not begin with an object");
        var metadata = ImmutableDictionary<string, string>.Empty;
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Demand(names.Add(name), $"'{name}' is in the header twice");
            if (name == MetadataKey)
                metadata = ReadMetadata(ref reader);
            else
                entries.Add(ReadEntry(ref reader, name));
        }

        Demand(!reader.Read(), "something follows the header's object");
        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        CheckRanges(entries, dataLength);
        return new SafetensorsHeader(metadata, [.. entries]);
    }

    private static ImmutableDictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        Demand(Next(ref reader) == JsonTokenType.StartObject, $"{MetadataKey} is not an object");
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Demand(Next(ref reader) == JsonTokenType.String, $"'{key}' in {MetadataKey} is not a text");
            Demand(metadata.TryAdd(key, reader.GetString()!), $"'{key}' is in {MetadataKey} twice");
        }

        return metadata.ToImmutable();
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Demand(Next(ref reader) == JsonTokenType.StartObject, $"tensor '{name}' is not described by an object");
        string? type = null;
        ImmutableArray<long> shape = default, offsets = default;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            var isNew = key switch { "dtype" => type is null, "shape" => shape.IsDefault, "data_offsets" => offsets.IsDefault, _ => false };
            Demand(isNew, $"tensor '{name}' has '{key}' twice or should not have it");
            if (key == "dtype")
            {
                Demand(Next(ref reader) == JsonTokenType.String, $"the dtype of tensor '{name}' is not a text");
                type = reader.GetString();
            }
            else if (key == "shape")
            {
                shape = ReadNumbers(ref reader, name);
            }
            else
            {
                offsets = ReadNumbers(ref reader, name);
            }
        }

        Demand(
            type is not null && !shape.IsDefault && !offsets.IsDefault && offsets.Length == 2,
            $"tensor '{name}' lacks its dtype, shape or pair of data_offsets");
        return Checked(name, type!, shape, offsets[0], offsets[1]);
    }

    private static SafetensorsEntry Checked(string name, string type, ImmutableArray<long> shape, long begin, long end)
    {
        var bytes = (long?)SafetensorsType.Bytes(type);
        Demand(bytes is not null, $"tensor '{name}' has the unknown dtype '{type}'");
        foreach (var size in shape)
        {
            Demand(size <= int.MaxValue && bytes <= long.MaxValue / Math.Max(size, 1), $"tensor '{name}' is too large");
            bytes *= size;
        }

        Demand(
            begin <= end && end - begin == bytes,
            $"tensor '{name}' of shape ({string.Join(", ", shape)}) and dtype {type} needs {bytes} bytes, but its offsets are {begin} and {end}");
        return new SafetensorsEntry(name, type, [.. shape.Select(size => (int)size)], begin, end);
    }

    private static ImmutableArray<long> ReadNumbers(ref Utf8JsonReader reader, string name)
    {
        Demand(Next(ref reader) == JsonTokenType.StartArray, $"the shape or offsets of tensor '{name}' are not a list");
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            long number = -1;
            Demand(
                reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out number) && number >= 0 && numbers.Count < HighestRank,
                $"the shape or offsets of tensor '{name}' are not a short list of whole numbers");
            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    /// <summary>The tensors must cover the data exactly: no byte twice, none left out, none beyond the end.</summary>
    private static void CheckRanges(List<SafetensorsEntry> entries, long dataLength)
    {
        var covered = 0L;
        foreach (var entry in entries)
        {
            Demand(entry.Begin >= covered, $"tensor '{entry.Name}' overlaps the one before it at byte {entry.Begin}");
            Demand(entry.Begin == covered, $"bytes {covered} to {entry.Begin} before tensor '{entry.Name}' belong to no tensor");
            Demand(entry.End <= dataLength, $"tensor '{entry.Name}' ends at byte {entry.End}, but the file has {dataLength} bytes of data");
            covered = entry.End;
        }

        Demand(covered == dataLength, $"{dataLength - covered} bytes at the end belong to no tensor");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new InvalidDataException("the header ends too early");

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidDataException(otherwise);
    }
}
