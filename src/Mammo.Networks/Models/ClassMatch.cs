using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Datasets;

namespace Mammo.Networks.Models;

/// <summary>
/// Which output each class of a dataset belongs to, by name and never by position: one rule for prediction, measurement, comparison and training.
/// </summary>
public sealed class ClassMatch
{
    private readonly string _model;
    private readonly IReadOnlyList<string> _outputs;
    private readonly ImmutableDictionary<string, string> _map;
    private readonly bool _isNamed;

    /// <summary>Takes the outputs that classes are matched with.</summary>
    /// <param name="model">What has these outputs, for messages.</param>
    /// <param name="outputs">Class names in the order of the outputs.</param>
    /// <param name="map">What the user says: class of the data to class of the model, an empty text where there is no output for it.</param>
    /// <param name="isNamed">False where the names are made up of the positions (class0, class1), which say nothing.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: the map names an output that there is not.</exception>
    public ClassMatch(string model, IReadOnlyList<string> outputs, IReadOnlyDictionary<string, string>? map = null, bool isNamed = true)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        (_model, _outputs, _isNamed) = (model, outputs, isNamed);
        _map = (map ?? ImmutableDictionary<string, string>.Empty).ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);
        if (_map.Values.FirstOrDefault(name => name.Length > 0 && Position(name) is null) is { } unknown)
            throw new MammoException(
                ErrorIds.ModelClassMismatch,
                $"-ClassMap names the class '{unknown}', but the classes of {_model} are ({Text(outputs)}).",
                "Map to the model's names, or to '' where there is no output.",
                unknown);
    }

    /// <summary>The outputs of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="map">What the user says, as above.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: the map names an output that there is not.</exception>
    public static ClassMatch For(MammoModel model, IReadOnlyDictionary<string, string>? map = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ClassMatch($"model '{model.Name}'", model.Classes, map, !model.Card.Classes.IsDefaultOrEmpty);
    }

    /// <summary>
    /// A dataset with the model's names of the classes, in the model's order. Images of a class without output are left out; images without a class stay.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: a class has no output that is certain.</exception>
    public DatasetImport Take(MammoDataset dataset)
    {
        Check(dataset);
        var (positions, finding) = Of($"dataset '{dataset.Name}'", dataset.Classes);
        var images = dataset.Images.Where(image => image.Class is null || positions[image.Class] is not null)
            .Select(image => image.Class is { } name && positions[name] is { } position
            ? image with { Class = _outputs[position], Label = position }
            : image).ToImmutableArray();
        var left = dataset.Count - images.Length;
        var missing = left == 0
            ? null
            : new Finding(
                ErrorIds.ModelClassMismatch,
                $"{left} images of dataset '{dataset.Name}' are left out: {_model} has no output for their classes "
                    + $"({Text(positions.Where(pair => pair.Value is null).Select(pair => pair.Key))}).");
        return new DatasetImport(dataset with { Classes = [.. _outputs], Images = images }, [.. new[] { finding, missing }.OfType<Finding>()]);
    }

    /// <summary>Class names in the order of the outputs.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>Refuses a dataset of fewer classes than three or more outputs that have no names: which of them its positive class is nobody knows.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>.</exception>
    public void Check(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!_isNamed && _map.Count == 0 && _outputs.Count > 2 && dataset.Classes.Length is > 0 and var count && count < _outputs.Count)
            throw Mismatch($"dataset '{dataset.Name}'", dataset.Classes[^1], [.. dataset.Classes]);
    }

    /// <summary>Finds the output of each class.</summary>
    /// <param name="owner">What has these classes, for messages.</param>
    /// <param name="classes">Names of the classes that images have.</param>
    /// <param name="reported">Those of which it was reported before what they were matched with.</param>
    /// <returns>Index of the output by class name; null for a class that the map says has none.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: a class has no output that is certain.</exception>
    public ClassPositions Of(string owner, IEnumerable<string> classes, IReadOnlyCollection<string>? reported = null)
    {
        string[] names = [.. classes.Distinct(StringComparer.OrdinalIgnoreCase)];
        var positions = new Dictionary<string, int?>(StringComparer.OrdinalIgnoreCase);
        var likened = new List<string>();
        var meanings = Sides();
        foreach (var name in names)
        {
            if (_map.TryGetValue(name, out var mapped))
                positions[name] = mapped.Length == 0 ? null : Position(mapped);
            else if (_isNamed && Position(name) is { } same)
                positions[name] = same;
            else if (!_isNamed && Index(name) is { } index)
                positions[name] = index;
            else if (meanings is { } sides && Side(name, names, sides) is { } side)
                positions[name] = Likened(name, side);
            else
                throw Mismatch(owner, name, names);
        }

        var finding = likened.Count == 0
            ? null
            : new Finding(ErrorIds.ClassesMatched, $"The classes of {owner} are taken for those of {_model} by what they say: {string.Join(", ", likened)}.")
            {
                SuggestedFix = "Say otherwise with -ClassMap.",
            };
        return new ClassPositions(positions, finding);

        int Likened(string name, int side)
        {
            if (reported?.Contains(name, StringComparer.OrdinalIgnoreCase) != true)
                likened.Add($"'{name}' is '{_outputs[side]}'");
            return side;
        }
    }

    private MammoException Mismatch(string owner, string name, string[] names)
    {
        var fix = _isNamed
            ? $"Say which belong together: -ClassMap "
                + $"@{{ {string.Join("; ", names.Select(one => $"'{one}' = '{(Position(one) is { } same ? _outputs[same] : _outputs[^1])}'"))} }} ('' "
                    + "for a class that the model does not know)."
            : "Name the outputs with -Class of Import-MammoModel.";
        var what = _isNamed ? $"those of {_model} are ({Text(_outputs)})" : $"the {_outputs.Count} outputs of {_model} have no names";
        return new MammoException(
            ErrorIds.ModelClassMismatch,
            $"The classes of {owner} are ({Text(names)}), but {what}: it is not clear which output '{name}' belongs to.",
            fix,
            name);
    }

    private int? Position(string name)
    {
        for (var index = 0; index < _outputs.Count; index++)
        {
            if (string.Equals(_outputs[index], name.Trim(), StringComparison.OrdinalIgnoreCase))
                return index;
        }

        return null;
    }

    // Outputs without names are known by their number alone, and a label that is a number is one.
    private int? Index(string name) => _outputs.Contains(name, StringComparer.OrdinalIgnoreCase) ? Position(name)
        : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _outputs.Count ? index : null;

    private (int Negative, int Positive)? Sides()
    {
        if (!_isNamed || _outputs.Count != 2)
            return null;
        var (first, second) = (ClassWords.Meaning(_outputs[0]), ClassWords.Meaning(_outputs[1]));
        return IsNegative(first) && IsPositive(second) ? (0, 1) : IsPositive(first) && IsNegative(second) ? (1, 0) : null;
    }

    private static bool IsNegative(ClassMeaning meaning) =>
        meaning is ClassMeaning.Normal or ClassMeaning.Benign or ClassMeaning.NotCancer or ClassMeaning.Negative;

    private static bool IsPositive(ClassMeaning meaning) => meaning is ClassMeaning.Abnormal or ClassMeaning.Cancer or ClassMeaning.Positive;

    // A benign finding is the negative class of a model that looks for cancer and the positive one of a model that looks for findings; where that is not
    // certain the user is asked.
    private int? Side(string name, string[] names, (int Negative, int Positive) sides)
    {
        var positive = ClassWords.Meaning(_outputs[sides.Positive]);
        var asksForFindings = positive is ClassMeaning.Abnormal;
        if (ClassWords.IsMinusOne(name) && Array.Exists(names, ClassWords.IsZero))
            return null;
        var meaning = ClassWords.Meaning(name);
        return meaning switch
        {
            ClassMeaning.Normal or ClassMeaning.Negative => sides.Negative,
            ClassMeaning.Benign or ClassMeaning.NotCancer => asksForFindings ? null : sides.Negative,
            ClassMeaning.Cancer or ClassMeaning.Positive => sides.Positive,
            ClassMeaning.Abnormal when positive is ClassMeaning.Positive =>
                names.Any(other => ClassWords.Meaning(other) is ClassMeaning.Benign or ClassMeaning.NotCancer or ClassMeaning.Cancer)
                ? null
                : sides.Positive,
            ClassMeaning.Abnormal => asksForFindings ? sides.Positive : null,
            _ => null,
        };
    }

    private static string Text(IEnumerable<string> names) => string.Join(", ", names);
}

/// <summary>Where the classes of data stand among a model's outputs.</summary>
/// <param name="Positions">Index of the output by class name, in any letter case; null for one that has none.</param>
/// <param name="Finding">What was matched by its meaning, for the user; null when the names are the same.</param>
public sealed record ClassPositions(IReadOnlyDictionary<string, int?> Positions, Finding? Finding);
