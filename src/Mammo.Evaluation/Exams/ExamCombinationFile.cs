using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Evaluation.Exams;

/// <summary>Combinations as JSON files that carry their own hash.</summary>
public static class ExamCombinationFile
{
    private const string Format = "mammo-exam-combination";
    private const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    /// <summary>Writes a combination; the file appears whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(ExamCombination combination, string path)
    {
        ArgumentNullException.ThrowIfNull(combination);
        var content = new Content(
            Format, Version, combination.Hash, combination.Unit, [.. combination.Classes], [.. combination.Terms], combination.Intercept, combination.Ridge,
            combination.Inference, combination.FittedOn);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, content, Options));
    }

    /// <summary>Reads a combination and checks its hash.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.CombinationFileInvalid"/>: another format or version, or it was changed by hand.
    /// </exception>
    public static ExamCombination Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = InputFile.Open(path);
            var content = JsonSerializer.Deserialize<Content>(stream, Options);
            if (content is not { Format: Format, Version: Version, Classes.Length: 2, Terms.Length: > 0, Inference: not null, FittedOn: not null }
                || content.Classes.Contains(null) || content.Terms.Contains(null))
            {
                throw Invalid(path, $"it is no combination of version {Version}");
            }

            var combination = new ExamCombination(
                content.Unit, [.. content.Classes!], [.. content.Terms!], content.Intercept, content.Ridge, content.Inference, content.FittedOn);
            if (combination.Hash != content.Hash)
                throw Invalid(path, "its hash does not belong to its numbers: it was changed by hand");
            return combination.Terms.All(term => term.Scale > 0) ? combination : throw Invalid(path, "the scale of a feature is not above 0");
        }
        catch (JsonException error)
        {
            throw Invalid(path, FileContent.NameOf(path) is { } name and not "JSON" ? $"it is {name}" : error.Message.TrimEnd('.'), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputFile.ErrorOf("combination", path, error) ?? Invalid(path, error.Message.TrimEnd('.'), error);
        }
    }

    private static MammoException Invalid(string path, string problem, Exception? inner = null) =>
        new(ErrorIds.CombinationFileInvalid, $"The combination '{path}' cannot be used: {problem}.",
            "Name a file that New-MammoExamCombination wrote, or fit it again.", path, inner);

    private sealed record Content(
        string? Format, int Version, string? Hash, ExamUnit Unit, string?[]? Classes, ExamTerm?[]? Terms, double Intercept, double Ridge, string? Inference,
        FittedExams? FittedOn);
}
