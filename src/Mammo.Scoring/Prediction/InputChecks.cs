using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>Examines the films of a run as they come: each by itself, and against those before it.</summary>
/// <param name="preparation">How the films are prepared.</param>
/// <param name="arePatches">The images are patches.</param>
internal sealed class InputChecks(Preparation preparation, bool arePatches = false)
{
    private readonly FilmExamination _examination = new(preparation) { ArePatches = arePatches };
    private int _count;
    private double _meanSum;
    private double _maximum;
    private int? _firstBitDepth;

    /// <summary>What is doubtful about one image, with what it adds to the run.</summary>
    public IEnumerable<Finding> Examine(MammoImage image, FilmFacts film, PreparedImage prepared)
    {
        _count++;
        _meanSum += prepared.ScaledMean;
        _maximum = Math.Max(_maximum, prepared.ScaledMaximum);
        _firstBitDepth ??= film.BitDepth;
        foreach (var finding in _examination.Examine(image, film))
            yield return finding;
        if (_firstBitDepth != film.BitDepth && preparation.LocalContrast is null)
            yield return FilmExamination.Mixed(
                $"'{Path.GetFileName(image.Path)}' has {film.BitDepth} bits but earlier images have {_firstBitDepth}", preparation.Top);
        if (!arePatches && _examination.Mean(_count, _meanSum / _count) is { } mean)
            yield return mean;
    }

    /// <summary>What is doubtful about all images together.</summary>
    public IEnumerable<Finding> Finish()
    {
        if (_examination.Patches(_count, _maximum, _firstBitDepth ?? 8) is { } patches)
            yield return patches;
    }
}

/// <summary>Keeps account of a run's warnings: those that hold for every record, and those that were reported already.</summary>
/// <param name="standing">What holds before any image is seen.</param>
internal sealed class RunWarnings(IEnumerable<Finding> standing)
{
    private readonly string[] _standing = [.. standing.Select(warning => warning.Id)];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>The ids that belong into a record, separated by semicolons.</summary>
    /// <param name="found">What was noticed in its image.</param>
    public string Ids(IEnumerable<Finding> found) => string.Join(';', _standing.Concat(found.Select(warning => warning.Id)).Distinct(StringComparer.Ordinal));

    /// <summary>Those that no earlier image had.</summary>
    public Finding[] New(IEnumerable<Finding> found) => [.. found.Where(warning => _told.Add(warning.Id))];
}
