using System.Text.Json.Nodes;
using Mammo.Evaluation;
using Mammo.PowerShell.Common;
using Mammo.Reports;
using Mammo.Reports.Documents;

namespace Mammo.Tests.Reports.Documents;

public sealed class JsonReportTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "docs", "report.schema.json")))!;

    [Fact]
    public void It_keeps_to_its_schema()
    {
        Assert.Empty(Complaints(JsonNode.Parse(JsonReport.Of(Samples.Full())), Schema, "report"));
        Assert.Empty(Complaints(JsonNode.Parse(JsonReport.Of(Samples.Bare())), Schema, "report"));
        Assert.NotEmpty(Complaints(JsonNode.Parse("{\"format\":\"mammo-report\",\"more\":1}"), Schema, "report"));
    }

    [Fact]
    public void Its_numbers_are_the_measurements_in_full_precision()
    {
        var content = Samples.Full();
        var json = JsonNode.Parse(JsonReport.Of(content))!;
        var auc = json["measurement"]!["statistics"]!.AsArray().Single(node => (string)node!["statistic"]! == "auc")!["estimate"]!;
        Assert.Equal(content.Result[Statistic.Auc].Value, (double)auc["value"]!);
        Assert.Equal("deLongByPatientLogit", (string)auc["intervals"]![0]!["method"]!);
        Assert.Equal(Samples.Hostile, (string)json["cases"]![0]!["id"]!);
        Assert.Equal(7, json["figures"]!.AsArray().Count);
        Assert.Equal("there are no samples", (string)json["subgroups"]![1]!["measurement"]!["statistics"]![0]!["estimate"]!["undefined"]!);
    }

    /// <summary>The parts of JSON Schema that the schema uses.</summary>
    private static IEnumerable<string> Complaints(JsonNode? node, JsonNode schema, string path)
    {
        if (schema["$ref"] is { } reference)
            return Complaints(node, Schema["$defs"]![((string)reference!).Split('/')[^1]]!, path);
        if (schema["const"] is { } constant)
            return JsonNode.DeepEquals(node, constant) ? [] : [$"{path} is not {constant}"];
        string[] types = schema["type"] is JsonArray several ? [.. several.Select(type => (string)type!)] : [(string)schema["type"]!];
        if (!types.Contains(TypeOf(node)) && !(types.Contains("number") && TypeOf(node) == "integer"))
            return [$"{path} is of type {TypeOf(node)}"];
        if (schema["enum"] is JsonArray values && !values.Any(value => JsonNode.DeepEquals(value, node)))
            return [$"{path} is {node}"];
        return node switch
        {
            JsonArray array => array.SelectMany((item, i) => Complaints(item, schema["items"]!, $"{path}[{i}]")),
            JsonObject table =>
            [
                .. schema["required"]!.AsArray().Where(name => !table.ContainsKey((string)name!)).Select(name => $"{path} lacks {name}"),
                .. table.Where(pair => schema["properties"]![pair.Key] is null).Select(pair => $"{path} has {pair.Key}"),
                .. table.Where(pair => schema["properties"]![pair.Key] is not null)
                    .SelectMany(pair => Complaints(pair.Value, schema["properties"]![pair.Key]!, $"{path}.{pair.Key}")),
            ],
            _ => [],
        };
    }

    private static string TypeOf(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray => "array",
        JsonObject => "object",
        _ => node.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => long.TryParse(node.ToJsonString(), out _) ? "integer" : "number",
            _ => "boolean",
        },
    };
}
