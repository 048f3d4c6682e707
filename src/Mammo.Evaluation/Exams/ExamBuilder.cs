using System.Collections.Immutable;

namespace Mammo.Evaluation.Exams;

/// <summary>Gathers scored images and puts together those of an exam, or of a breast of it.</summary>
/// <param name="unit">Of what there is one record.</param>
public sealed class ExamBuilder(ExamUnit unit)
{
    private readonly Dictionary<(string, string), List<ExamImage>> _exams = new(new KeyComparer());
    private readonly Dictionary<string, ExamImage> _known = new(StringComparer.Ordinal);
    private readonly List<List<ExamImage>> _order = [];
    private ImmutableArray<string> _classes = [];

    /// <summary>How the images were scored, each way once; empty when unknown.</summary>
    public ImmutableArray<string> Inferences =>
        [.. _order.SelectMany(images => images).Select(image => image.Facts.Inference).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>Adds an image.</summary>
    /// <exception cref="MammoException">
    /// The image is left out. <see cref="ErrorIds.PatientMissing"/>; <see cref="ErrorIds.LateralityMissing"/>: breasts are asked for and its side is not known;
    /// <see cref="ErrorIds.ImageTwice"/>, <see cref="ErrorIds.RowsContradict"/>: it is there already, with the same class or another one;
    /// <see cref="ErrorIds.ScoreInvalid"/>: its numbers are no probabilities; <see cref="ErrorIds.PredictionsMixed"/>: other classes than before, or a bad
    /// weight.
    /// </exception>
    public void Add(ExamImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (path, patient) = (image.Facts.Id, image.Facts.Patient);
        if (string.IsNullOrWhiteSpace(patient))
            throw Left(ErrorIds.PatientMissing, "has no patient, so it belongs to no exam");
        if (unit == ExamUnit.Breast && image.Side is null)
            throw Left(ErrorIds.LateralityMissing, "has no side (L or R), so it belongs to no breast");
        if (image.Probability is { } table)
        {
            if (ScoreCheck.Fault(table) is { } fault)
                throw Left(ErrorIds.ScoreInvalid, $"has numbers ({table}) that {fault}");
            if (_classes.IsEmpty)
                _classes = [.. table.Keys];
            if (!_classes.SequenceEqual(table.Keys, StringComparer.OrdinalIgnoreCase))
                throw Left(ErrorIds.PredictionsMixed, $"has the classes [{string.Join(", ", table.Keys)}], earlier ones [{string.Join(", ", _classes)}]");
        }

        if (!(image.SampleWeight >= 0) || double.IsInfinity(image.SampleWeight))
            throw Left(ErrorIds.PredictionsMixed, $"has a weight that is not a number from 0 upwards");
        if (path.Length > 0 && !_known.TryAdd(path, image))
            throw _known[path].Label == image.Label
                ? Left(ErrorIds.ImageTwice, "is there more than once; the first record counts")
                : Left(ErrorIds.RowsContradict, "has one class in one record and another in a later one; the first counts");
        var key = (patient, image.Exam?.Trim() ?? "");
        if (!_exams.TryGetValue(key, out var images))
            _order.Add(_exams[key] = images = []);
        images.Add(image);

        MammoException Left(string id, string what) => new(id, $"{(path.Length > 0 ? $"'{path}'" : "An image without a name")} {what}.", target: path);
    }

    /// <summary>Puts the images together, exam by exam in the order of their first images; of an exam the left breast comes first.</summary>
    /// <param name="score">How scores become one.</param>
    /// <param name="combination">A fitted combination, which replaces that; null for none.</param>
    /// <param name="fail">Given the error of each exam that is left out.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CombinationForeign"/>: the combination is of another unit, other classes or other scores;
    /// <see cref="ErrorIds.EvaluationOptionInvalid"/>: a score that needs two classes, of more.
    /// </exception>
    public IEnumerable<MammoExam> Join(ExamScore score, ExamCombination? combination, Action<MammoException> fail)
    {
        ArgumentNullException.ThrowIfNull(fail);
        if (combination is not null)
            Check(combination);
        else if (score == ExamScore.Contralateral && _classes.Length is not (0 or 2))
            throw new MammoException(
                ErrorIds.EvaluationOptionInvalid, $"The contralateral score is of two classes, not of {_classes.Length}.", "Ask for Mean or Max.");
        foreach (var images in _order)
        {
            if (Fault(images) is { } fault)
            {
                fail(fault);
                continue;
            }

            foreach (var exam in ExamScores.Of(images, unit, _classes, score, combination))
                yield return exam;
            foreach (var breast in unit == ExamUnit.Breast ? images.GroupBy(image => image.Side) : [])
            {
                if (breast.All(image => image.Probability is null))
                    fail(Unscored($"{Name(images[0])}, side {breast.Key},"));
            }
        }
    }

    private static MammoException Unscored(string name) => new(ErrorIds.ImageUnscored, $"No image of {name} has a score.", target: name.TrimEnd(','));

    private static MammoException? Fault(List<ExamImage> images)
    {
        var name = Name(images[0]);
        if (images.TrueForAll(image => image.Probability is null))
            return Unscored(name);
        var ways = images.Where(image => image.Probability is not null).Select(image => image.Facts.Inference).Distinct(StringComparer.Ordinal).ToArray();
        return ways.Length == 1 ? null : new MammoException(
            ErrorIds.PredictionsMixed, $"The images of {name} were scored in {ways.Length} ways ({string.Join(" | ", ways)}).",
            "Join the predictions of one model at a time.", name);
    }

    /// <summary>An exam as messages name it.</summary>
    internal static string Name(ExamImage image) =>
        image.Exam is { } exam ? $"patient {image.Facts.Patient}, exam {exam}" : $"patient {image.Facts.Patient}";

    private void Check(ExamCombination combination)
    {
        if (combination.Unit != unit)
            throw Foreign($"it was fitted on {Plural(combination.Unit)}, not on {Plural(unit)}", "Give -By as it was fitted, or fit another one.");
        if (!_classes.IsEmpty && !combination.Classes.SequenceEqual(_classes, StringComparer.OrdinalIgnoreCase))
            throw Foreign(
                $"it is of the classes {string.Join(", ", combination.Classes)}, not of {string.Join(", ", _classes)}",
                "Fit one on predictions of this model.");
        foreach (var inference in Inferences)
            combination.Check(inference);

        static string Plural(ExamUnit unit) => unit == ExamUnit.Exam ? "exams" : "breasts";
        static MammoException Foreign(string what, string fix) => new(ErrorIds.CombinationForeign, $"The combination cannot be applied: {what}.", fix);
    }

    private sealed class KeyComparer : IEqualityComparer<(string, string)>
    {
        public bool Equals((string, string) x, (string, string) y) =>
            PatientIds.Comparer.Equals(x.Item1, y.Item1) && StringComparer.OrdinalIgnoreCase.Equals(x.Item2, y.Item2);

        public int GetHashCode((string, string) key) =>
            HashCode.Combine(PatientIds.Comparer.GetHashCode(key.Item1), StringComparer.OrdinalIgnoreCase.GetHashCode(key.Item2));
    }
}
