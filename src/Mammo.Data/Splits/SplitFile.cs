using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Data.Splits;

/// <summary>Splits as JSON files that carry their own hash.</summary>
public static class SplitFile
{
    private const string Format = "mammo-split";
    private const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Writes a split; the file appears whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(PatientSplit split, string path)
    {
        ArgumentNullException.ThrowIfNull(split);
        Part[] parts = [.. split.Parts.Select(part => new Part(part.Name, [.. part.Patients]))];
        var content = new Content(Format, Version, split.Hash, split.Method, split.Seed, split.IsStratified, parts);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, content, Options));
    }

    /// <summary>Reads a split and checks its hash.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.SplitFileInvalid"/>: no such file format, a hash that does not fit, a patient in two parts.
    /// </exception>
    public static PatientSplit Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = InputFile.Open(path);
            var content = JsonSerializer.Deserialize<Content>(stream, Options);
            if (content is not { Format: Format, Version: Version, Method: not null, Parts: not null } || !Array.TrueForAll(content.Parts, IsWhole))
                throw Invalid(path, $"it is no split file of version {Version}");
            var split = new PatientSplit(
                content.Method, content.Seed, content.Stratified, [.. content.Parts.Select(part => new SplitPart(part.Name!, [.. part.Patients!]))]);
            if (split.Parts.SelectMany(part => part.Patients).GroupBy(id => id, PatientIds.Comparer).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw Invalid(path, $"patient {twice.Key} is in it twice");
            return split.Hash == content.Hash ? split : throw Invalid(path, "its hash does not belong to its patients: it was changed by hand");
        }
        catch (JsonException error)
        {
            throw Invalid(path, FileContent.NameOf(path) is { } name and not "JSON" ? $"it is {name}" : error.Message.TrimEnd('.'), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputFile.ErrorOf("split", path, error) ?? Invalid(path, error.Message.TrimEnd('.'), error);
        }
    }

    private static bool IsWhole(Part? part) => part is { Name: not null, Patients: not null } && !part.Patients.Contains(null);

    private static MammoException Invalid(string path, string problem, Exception? inner = null) =>
        new(ErrorIds.SplitFileInvalid, $"The split '{path}' cannot be used: {problem}.",
            "Name a file that -SplitPath wrote, or make the split again with the same seed.", path, inner);

    private sealed record Content(string? Format, int Version, string? Hash, string? Method, uint Seed, bool Stratified, Part[]? Parts);

    private sealed record Part(string? Name, string[]? Patients);
}
