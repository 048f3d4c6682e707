using System.Collections.Immutable;
using System.Management.Automation;
using System.Text.Json;
using Mammo.PowerShell.Common;
using Mammo.Reports;

namespace Mammo.PowerShell.Reports;

/// <summary>Curves of a training: from its epoch records, from rows of a file of them, or from the file itself.</summary>
internal static class HistoryCurves
{
    private static readonly (string Name, string[] Columns)[] Quantities =
    [
        ("training loss", ["Loss"]),
        ("validation loss", ["ValidationLoss", "val_loss"]),
        ("validation AUC", ["Auc"]),
    ];

    /// <summary>Reads them.</summary>
    /// <param name="records">Epoch records, rows, or the path of one file of JSON lines.</param>
    /// <param name="resolve">Full path of a file.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PredictionInvalid"/>: a record is none of an epoch.</exception>
    public static ImmutableArray<HistoryCurve> Of(IReadOnlyList<PSObject> records, Func<string, string> resolve)
    {
        if (records is [{ BaseObject: string path }])
            return Curves([.. InputFile.Lines(resolve(path)).Where(line => line.Length > 0).Select(line => Row(line, path))]);
        return Curves([.. records.Select(record => Quantities.Select(quantity => Number(record, quantity.Columns)).ToArray())]);
    }

    private static double[] Row(string line, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return [.. Quantities.Select(quantity => quantity.Columns.Select(column => Value(json.RootElement, column))
                .FirstOrDefault(double.IsFinite, double.NaN))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new MammoException(ErrorIds.PredictionInvalid, $"'{path}' is no file of epochs.", "Give the history.jsonl of a training.", path, error);
        }
    }

    private static double Value(JsonElement epoch, string column) =>
        epoch.TryGetProperty(JsonNamingPolicy.CamelCase.ConvertName(column), out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : double.NaN;

    private static double Number(PSObject record, string[] columns)
    {
        foreach (var column in columns)
        {
            if (record.Properties[column] is { } property && PredictionRow.Text(property.Value) is { } text)
                return PredictionRow.Parse(text) ?? throw None(record);
        }

        return double.NaN;
    }

    private static MammoException None(PSObject record) =>
        new(ErrorIds.PredictionInvalid, $"'{record}' is no record of an epoch.", "Give what -HistoryVariable holds, or the history.jsonl of a training.");

    private static ImmutableArray<HistoryCurve> Curves(double[][] epochs)
    {
        ImmutableArray<HistoryCurve> curves =
        [
            .. Quantities.Select((quantity, i) => new HistoryCurve(quantity.Name, [.. epochs.Select(epoch => epoch[i])]))
                .Where(curve => curve.Values.Any(double.IsFinite)),
        ];
        return curves.IsEmpty ? throw None(new PSObject("the history")) : curves;
    }
}
