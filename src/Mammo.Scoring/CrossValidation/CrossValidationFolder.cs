using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mammo.Data;
using Mammo.Data.Splits;

namespace Mammo.Scoring.CrossValidation;

/// <summary>
/// The folder of a cross-validation: <c>run.json</c> (what decides it), <c>seedN/folds.json</c>, <c>seedN/foldK/scores.csv</c> once a fold is finished, and
/// <c>scores.csv</c> with all of these.
/// </summary>
/// <param name="path">Full path of the folder.</param>
public sealed class CrossValidationFolder(string path)
{
    private const string Format = "mammo-cross-validation";
    private const int Version = 1;
    private const string Scores = "scores.csv";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The file with every score of all seeds.</summary>
    public string ScorePath => Path.Combine(path, Scores);

    private string RunPath => Path.Combine(path, "run.json");

    /// <summary>Begins a run, or goes on with one that was made alike.</summary>
    /// <param name="description">What decides the run, by name.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CrossValidationMismatch"/>: the folder is of another run; <see cref="ErrorIds.FileNotWritten"/>.
    /// </exception>
    public void Begin(IEnumerable<KeyValuePair<string, string>> description)
    {
        var own = description.ToDictionary(StringComparer.Ordinal);
        Check(own);
        if (!File.Exists(RunPath))
            AtomicFile.Write(RunPath, stream => JsonSerializer.Serialize(stream, new Content(Format, Version, own), Options));
    }

    /// <summary>Refuses a folder of another run; writes nothing.</summary>
    /// <param name="description">What decides the run, by name.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.CrossValidationMismatch"/>.</exception>
    public void Check(IEnumerable<KeyValuePair<string, string>> description)
    {
        if (!File.Exists(RunPath))
            return;
        Content? content;
        try
        {
            using var stream = InputFile.Open(RunPath);
            content = JsonSerializer.Deserialize<Content>(stream, Options);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Mismatch($"its run.json cannot be read ({error.Message.TrimEnd('.')})", error);
        }

        if (content is not { Format: Format, Version: Version, Options: { } kept })
            throw Mismatch($"its run.json is no description of version {Version}");
        var own = description.ToDictionary(StringComparer.Ordinal);
        string[] differences =
        [
            .. own.Keys.Union(kept.Keys, StringComparer.Ordinal)
                .Where(name => !string.Equals(own.GetValueOrDefault(name), kept.GetValueOrDefault(name), StringComparison.Ordinal))
                .Select(name => $"{name}: {Short(kept.GetValueOrDefault(name))} there, {Short(own.GetValueOrDefault(name))} now"),
        ];
        if (differences.Length > 0)
            throw Mismatch(string.Join("; ", differences));
    }

    /// <summary>Keeps the folds of a seed, or compares them with those that are kept.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.CrossValidationMismatch"/>; <see cref="ErrorIds.SplitFileInvalid"/>.</exception>
    public void Keep(int seed, PatientSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        var file = Path.Combine(path, Name(seed), "folds.json");
        if (!File.Exists(file))
            SplitFile.Write(split, file);
        else if (SplitFile.Read(file) is var kept && kept.Hash != split.Hash)
            throw Mismatch($"folds of seed {seed}: {Short(kept.Hash)} there, {Short(split.Hash)} now");
    }

    /// <summary>Folder of a fold.</summary>
    public string Fold(int seed, int fold) => Path.Combine(path, Name(seed), string.Create(CultureInfo.InvariantCulture, $"fold{fold}"));

    /// <summary>The scores of a fold; null while it is not finished.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="fold">The fold, from 1.</param>
    /// <param name="sets">Its sets.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.CrossValidationMismatch"/>: they are of other images.</exception>
    public FoldScores? Read(int seed, int fold, CrossValidationSets sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var file = Path.Combine(Fold(seed, fold), Scores);
        if (!File.Exists(file))
            return null;
        var scores = FoldScores.Read(file);
        return scores.Names.Order(StringComparer.Ordinal).SequenceEqual(
            sets.Test.Images.Select(image => Path.GetFileName(image.Path)).Order(StringComparer.Ordinal), StringComparer.Ordinal)
            ? scores
            : throw Mismatch($"'{file}' has other images than fold {fold} of seed {seed}");
    }

    /// <summary>Keeps the scores of a fold, which is finished then.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Write(CrossValidationFold fold, IEnumerable<MammoPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(fold);
        FoldScores.Of(fold, predictions).Write(Path.Combine(Fold(fold.Seed, fold.Fold), Scores));
    }

    /// <summary>Writes the scores of all finished folds of all seeds into one file, also of those that other processes finish meanwhile.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Gather()
    {
        // A process that finishes a fold after the look has gathered it, and would lose it again to what is written here.
        for (var (written, files) = (Array.Empty<string>(), Finished()); files.Length > written.Length; (written, files) = (files, Finished()))
            FoldScores.Join([.. files.Select(FoldScores.Read)]).Write(ScorePath);
    }

    private string[] Finished() =>
    [
        .. Directory.EnumerateDirectories(path, "seed*").SelectMany(seed => Directory.EnumerateDirectories(seed, "fold*"))
            .Select(fold => Path.Combine(fold, Scores)).Where(File.Exists),
    ];

    private static string Name(int seed) => string.Create(CultureInfo.InvariantCulture, $"seed{seed}");

    // Hashes are recognised by their beginning.
    private static string Short(string? text) => text is null ? "nothing" : text.Length == 64 ? text[..16] : text;

    private MammoException Mismatch(string how, Exception? inner = null) => new(
        ErrorIds.CrossValidationMismatch, $"The folder '{path}' is of another cross-validation: {how}.",
        "Go on with the same data, script and options, or name another folder.", path, inner);

    private sealed record Content(string? Format, int Version, Dictionary<string, string>? Options);
}
