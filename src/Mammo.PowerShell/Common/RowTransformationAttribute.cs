using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Scoring;

namespace Mammo.PowerShell.Common;

/// <summary>
/// Makes an image of a row: <c>Import-Csv list.csv</c> with its label, patient, laterality, view, weight and every further column, or an earlier prediction.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RowTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Marks = ["roi_mask", "roi_x", "roi_number"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        if (inputData is null)
            return null;
        if (inputData is IList items)
            return items.Cast<object>().Select(item => Transform(engineIntrinsics, item)).ToArray();
        return Image(engineIntrinsics, PSObject.AsPSObject(inputData)) ?? inputData;
    }

    private static MammoImage? Image(EngineIntrinsics engine, PSObject row)
    {
        if (row.BaseObject is MammoPrediction known)
        {
            return new MammoImage(known.Path)
            {
                Class = known.TrueClass,
                Patient = known.Patient,
                Laterality = known.Laterality,
                View = known.View,
                SampleWeight = known.SampleWeight,
                Extra = known.Extra,
            };
        }

        // Files, paths, images and datasets have parameters of their own.
        if (row.BaseObject is not (PSCustomObject or Hashtable))
            return null;
        var columns = Columns(row);
        if (Take("path") is not { } path)
        {
            // File objects that left their process have no path under this name.
            return columns.ContainsKey("FullName") || columns.ContainsKey("PSPath") || columns.ContainsKey("LiteralPath") ? null : throw ArgumentErrors.NotMade(
                new MammoException(
                    ErrorIds.DatasetInvalid,
                    $"A row has no path of an image; its columns are {string.Join(", ", columns.Keys)}.",
                    "Name the column of the images 'path', or give the file to Import-MammoDataset with -Column @{ path = '...' }."));
        }

        if (Array.Find(Marks, columns.ContainsKey) is { } mark)
            throw ArgumentErrors.NotMade(new MammoException(
                ErrorIds.DatasetInvalid, $"The row of '{path}' has the column {mark}: ROIs take several rows.",
                    "Give the file itself to Import-MammoDataset."));
        var (className, label) = (Take("trueclass") ?? Take("class"), Take("label"));
        var weight = Take("sample_weight") ?? Take("sampleweight");
        if (weight is not null && PredictionRow.Parse(weight) is null)
            throw ArgumentErrors.NotMade(new MammoException(
                ErrorIds.DatasetInvalid, $"The weight '{weight}' of '{path}' is no number.", "Fix the column sample_weight, or leave it out."));
        // A path of another system, C:\films\a.png, is on no drive here; the image is then reported as missing under its own name.
        return new MammoImage(ArgumentPaths.Full(engine, path) ?? path)
        {
            Class = className ?? label,
            Patient = Take("patient"),
            Laterality = Take("laterality"),
            View = Take("view"),
            SampleWeight = weight is null ? 1 : PredictionRow.Parse(weight)!.Value,
            Extra = columns.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
        };

        string? Take(string name) => columns.Remove(name, out var text) ? text : null;
    }

    private static Dictionary<string, string> Columns(PSObject row)
    {
        var pairs = row.BaseObject is Hashtable table
            ? table.Cast<DictionaryEntry>().Select(pair => ($"{pair.Key}", pair.Value))
            : row.Properties.Select(property => (property.Name, (object?)property.Value));
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in pairs)
        {
            if (PredictionRow.Text(value) is { } text)
                columns[name.Trim()] = text;
        }

        return columns;
    }
}
