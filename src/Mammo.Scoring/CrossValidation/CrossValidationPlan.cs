using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Splits;

namespace Mammo.Scoring.CrossValidation;

/// <summary>Who is trained on and who is tested in each fold of each seed: folds by patient, and of the rest a share for validation.</summary>
public sealed class CrossValidationPlan
{
    private readonly MammoDataset _dataset;
    private readonly int _folds;
    private readonly bool _stratify;
    private readonly double _validationShare;
    private readonly PatientSplit? _split;

    /// <summary>Folds that are dealt for each seed.</summary>
    /// <param name="dataset">All images, with their patients.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="stratify">Give each fold, and validation, its share of each class.</param>
    /// <param name="validationShare">Share of the other folds' patients for validation; 0 for none.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.RowsContradict"/>: an image is there for two patients.</exception>
    public CrossValidationPlan(MammoDataset dataset, int folds, bool stratify, double validationShare)
        : this(dataset, folds, stratify, validationShare, null)
    {
    }

    /// <summary>Folds of a split, the same for every seed.</summary>
    /// <param name="dataset">All images, with their patients.</param>
    /// <param name="split">A split of two or more parts, which are the folds.</param>
    /// <param name="stratify">Give validation its share of each class.</param>
    /// <param name="validationShare">Share of the other folds' patients for validation; 0 for none.</param>
    /// <exception cref="MammoException">As above; <see cref="ErrorIds.SplitImpossible"/>: a split of one part.</exception>
    public CrossValidationPlan(MammoDataset dataset, PatientSplit split, bool stratify, double validationShare)
        : this(dataset, split?.Parts.Length ?? 0, stratify, validationShare, split)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (_folds < 2)
            throw new MammoException(ErrorIds.SplitImpossible, $"A split with {_folds} part(s) has no folds.", "Give one of Split-MammoDataset -Fold.");
    }

    private CrossValidationPlan(MammoDataset dataset, int folds, bool stratify, double validationShare, PatientSplit? split)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        (_dataset, _folds, _stratify, _validationShare, _split) = (dataset, folds, stratify, validationShare, split);
        if (dataset.Images.GroupBy(image => image.Path, StringComparer.Ordinal).FirstOrDefault(group =>
            group.Select(image => image.Patient ?? "").Distinct(PatientIds.Comparer).Count() > 1) is { } twice)
        {
            throw new MammoException(
                ErrorIds.RowsContradict, $"'{twice.Key}' is listed for several patients, so that it would be trained on and tested.",
                "Fix its patient, or leave it out.", twice.Key);
        }
    }

    /// <summary>Number of folds.</summary>
    public int Folds => _folds;

    /// <summary>What decides who is where, by name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Description =>
    [
        new("dataset", Fingerprint()),
        new("folds", _folds.ToString(CultureInfo.InvariantCulture)),
        new("stratified", _stratify ? "true" : "false"),
        new("validation", _validationShare.ToString("R", CultureInfo.InvariantCulture)),
        new("split", _split?.Hash ?? "by seed"),
    ];

    /// <summary>The folds of a seed.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.SplitImpossible"/>: fewer patients than folds.</exception>
    public PatientSplit Split(int seed) => _split ?? PatientSplitter.ByFolds(_dataset, _folds, (uint)seed, _stratify);

    /// <summary>Images that are in no fold.</summary>
    public ImmutableArray<Finding> Findings(PatientSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return split.Apply(_dataset).Findings;
    }

    /// <summary>The sets of a fold.</summary>
    /// <param name="split">The folds of the seed.</param>
    /// <param name="seed">Decides who of the rest is validation.</param>
    /// <param name="fold">The fold that is tested, from 1.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.SplitImpossible"/>: too few patients for validation; <see cref="ErrorIds.ClassEmpty"/>: no image to test;
    /// <see cref="ErrorIds.DataLeakage"/>: a patient is in two of the sets.
    /// </exception>
    public CrossValidationSets Sets(PatientSplit split, int seed, int fold)
    {
        ArgumentNullException.ThrowIfNull(split);
        var parts = split.Apply(_dataset).Parts;
        var rest = MammoDataset.Join([.. parts.Where((_, index) => index != fold - 1)]);
        var test = parts[fold - 1];
        if (test.Count == 0 || rest.Count == 0)
            throw new MammoException(ErrorIds.ClassEmpty, $"Fold {fold} leaves nothing to {(test.Count == 0 ? "test" : "train")}.", target: test.Name);
        var (train, validation) = (rest, (MammoDataset?)null);
        if (_validationShare > 0)
        {
            var sets = PatientSplitter.ByShares(rest, [1 - _validationShare, _validationShare], (uint)seed, _stratify).Apply(rest).Parts;
            (train, validation) = (sets[0], sets[1]);
        }

        MammoDataset[] all = validation is null ? [train, test] : [train, validation, test];
        if (Leakage.Patients(all).Select(shared => shared.Patient).FirstOrDefault() is { } patient)
            throw new MammoException(ErrorIds.DataLeakage, $"Patient {patient} is in two of the sets of fold {fold}.", "Split by patient.", patient);
        return new CrossValidationSets(train, validation, test);
    }

    // File names, not paths, so that it is the same on every machine.
    private string Fingerprint()
    {
        var lines = _dataset.Images.Select(image => $"{Path.GetFileName(image.Path)}\t{image.Class}\t{image.Patient}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal))))).ToLowerInvariant();
    }
}

/// <summary>The sets of a fold; no patient is in two of them.</summary>
/// <param name="Train">To train on.</param>
/// <param name="Validation">To choose by; null where there is none.</param>
/// <param name="Test">The fold itself, which is scored.</param>
public sealed record CrossValidationSets(MammoDataset Train, MammoDataset? Validation, MammoDataset Test);
