using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Data.Datasets.Formats;

/// <summary>Which values of a list make which class: BI-RADS 1, 2 and 3 neg, 4, 5 and 6 pos, for example. A choice of the study, never of a program.</summary>
public sealed class LabelRule
{
    private static readonly string[] Prefixes = ["BI-RADS", "BIRADS"];

    private readonly Dictionary<string, int> _labels = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a rule.</summary>
    /// <param name="values">Values by class, the positive class last.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.LabelRuleInvalid"/>: no class, a class without a value, or a value in two.</exception>
    public LabelRule(IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Classes = [.. values.Select(pair => pair.Key)];
        if (Classes.Length < 2 || Classes.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Classes.Length)
            throw Invalid($"it has the classes ({string.Join(", ", Classes)}), and needs two or more of different names");
        for (var label = 0; label < Classes.Length; label++)
        {
            if (values[label].Value.Count == 0)
                throw Invalid($"class '{Classes[label]}' has no value");
            foreach (var value in values[label].Value.Select(Normal).Where(value => !_labels.TryAdd(value, label)))
                throw Invalid($"the value '{value}' is there twice");
        }
    }

    /// <summary>The classes, in the order of the labels.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>The label of a value; null when it is in no class. 4a, 4b and 4c are 4 where the rule does not name them; "BI-RADS 4" and 4.0 are 4.</summary>
    /// <param name="text">The value as the list has it.</param>
    public int? Label(string text)
    {
        var value = Normal(text);
        if (_labels.TryGetValue(value, out var label))
            return label;
        return value is [>= '0' and <= '6', 'a' or 'b' or 'c' or 'A' or 'B' or 'C'] && _labels.TryGetValue(value[..1], out label) ? label : null;
    }

    /// <summary>
    /// Gives images, whose class is still what a list says, the class that the rule makes of it. Images without one stay; others are left out.
    /// </summary>
    /// <param name="import">The images.</param>
    public DatasetImport Apply(DatasetImport import)
    {
        ArgumentNullException.ThrowIfNull(import);
        var images = ImmutableArray.CreateBuilder<MammoImage>();
        var findings = import.Findings.ToBuilder();
        foreach (var image in import.Dataset.Images)
        {
            var label = image.Class is { } text ? Label(text) : null;
            if (image.Class is not null && label is null)
                findings.Add(new Finding(ErrorIds.LabelUnknown, $"'{image.Path}' is left out: its assessment '{image.Class}' is in no class of the rule.")
                {
                    Subject = image.Path,
                    Patient = image.Patient,
                });
            else
                images.Add(image with { Label = label, Class = label is { } known ? Classes[known] : null });
        }

        return new DatasetImport(import.Dataset with { Classes = Classes, Images = images.ToImmutable() }, findings.ToImmutable());
    }

    private static string Normal(string text)
    {
        var value = text.Trim();
        foreach (var prefix in Prefixes.Where(prefix => value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            value = value[prefix.Length..].Trim(' ', '_', ':');
        return double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsInteger(number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : value;
    }

    private static MammoException Invalid(string problem) => new(
        ErrorIds.LabelRuleInvalid, $"The rule of labels is invalid: {problem}.", "Give each class its values: -LabelRule @{ neg = 1, 2, 3; pos = 4, 5, 6 }.");
}
