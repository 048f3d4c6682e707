using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Scoring.Conversion;

/// <summary>Conversion reports for programs and for people.</summary>
public static class ModelConversionReportWriter
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // A difference can be infinite: a weight that is no number in one of the files.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The report as JSON.</summary>
    public static string Json(ModelConversionReport report) => JsonSerializer.Serialize(report, Options);

    /// <summary>The report as Markdown: the outcome first, then one line a layer.</summary>
    public static string Markdown(ModelConversionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        Line($"# Conversion of {report.Source}");
        Line("");
        Line($"* {report.Source} (SHA-256 {report.SourceHash})");
        Line($"* {report.Target} (SHA-256 {report.TargetHash}; of its weights {report.WeightHash})");
        Line($"* architecture: {report.Architecture ?? "not recognised"}");
        Line($"* network: {report.Nodes} nodes, {(report.GraphDifferences.IsEmpty ? "all equal" : $"{report.GraphDifferences.Length} differences")}");
        var parameters = report.Layers.Sum(layer => layer.Parameters);
        Line($"* weights: {parameters} values in {report.Layers.Length} layers, greatest difference {Number(report.MaxWeightDifference)}");
        Line(report.MaxOutputDifference is { } difference
            ? $"* outputs: {report.OutputsCompared} compared, greatest difference {Number(difference)}"
            : "* outputs: none were known, so none were compared");
        foreach (var note in report.Notes)
            Line($"* note: {note}");
        foreach (var changed in report.GraphDifferences)
            Line($"* difference: {changed}");
        Line("");
        Line("| layer | kind | values | greatest difference |");
        Line("| --- | --- | ---: | ---: |");
        foreach (var layer in report.Layers)
            Line($"| {Cell(layer.Name)} | {layer.Kind} | {layer.Parameters} | {Number(layer.MaxDifference)} |");
        if (!report.Accuracy.IsEmpty)
            Accuracy();
        return text.ToString();

        void Accuracy()
        {
            Line("");
            Line("## Mammo's engine beside float64");
            Line("");
            Line("| layer | kind | Winograd | greatest difference | mean difference | root mean square |");
            Line("| --- | --- | --- | ---: | ---: | ---: |");
            foreach (var layer in report.Accuracy)
            {
                var form = layer.Tile == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"F({layer.Tile}x{layer.Tile})");
                Line($"| {Cell(layer.Name)} | {layer.Kind} | {form} | {Number(layer.MaxDifference)} | {Number(layer.MeanDifference)} | "
                    + $"{Number(layer.RootMeanSquare)} |");
            }
        }

        void Line(string line) => text.Append(line).Append('\n');

        static string Cell(string name) => name.Replace("|", "\\|", StringComparison.Ordinal);

        static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the report to a file, as JSON if its name ends so, otherwise as Markdown. The file appears whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileExists"/>; <see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(ModelConversionReport report, string path, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.CheckFree(path, force);
        var text = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? Json(report) : Markdown(report);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
