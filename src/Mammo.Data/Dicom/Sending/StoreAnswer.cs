using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mammo.Data.Dicom.Sending;

/// <summary>What a server says of the instances of a request (PS3.18, I.2): its body decides, not its status alone.</summary>
internal sealed class StoreAnswer
{
    private const string FailedSequence = "00081198";
    private const string ReferencedSequence = "00081199";
    private const string ReferencedInstance = "00081155";
    private const string FailureReason = "00081197";
    private const string WarningReason = "00081196";
    private const int Duplicate = 0x0111;
    private const int LongestText = 300;

    private readonly Dictionary<string, (StoreStatus Status, string Reason)> _instances = new(StringComparer.Ordinal);

    private StoreAnswer(string text) => Text = text;

    /// <summary>The beginning of a body that is no answer of the standard; empty otherwise.</summary>
    public string Text { get; }

    /// <summary>Reads a body.</summary>
    public static StoreAnswer Read(string body)
    {
        try
        {
            var root = JsonNode.Parse(body);
            // Some servers answer with a list of one data set.
            var answer = new StoreAnswer("");
            var dataSet = (root is JsonArray { Count: > 0 } list ? list[0] : root) as JsonObject;
            foreach (var item in Items(dataSet, FailedSequence))
                answer.Add(item, Failure);
            foreach (var item in Items(dataSet, ReferencedSequence))
                answer.Add(item, Success);
            return answer._instances.Count > 0 || dataSet is null ? answer : new StoreAnswer(Message(dataSet));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            var text = string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return new StoreAnswer(text.Length > LongestText ? text[..LongestText] : text);
        }
    }

    /// <summary>What it says of an instance; null for nothing.</summary>
    public (StoreStatus Status, string Reason)? Of(string instance) => _instances.TryGetValue(instance, out var said) ? said : null;

    private static IEnumerable<JsonObject> Items(JsonObject? dataSet, string tag) => (dataSet?[tag]?["Value"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static JsonNode? First(JsonObject item, string tag) => (item[tag]?["Value"] as JsonArray)?.FirstOrDefault();

    private static int? Number(JsonObject item, string tag) =>
        int.TryParse(First(item, tag)?.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Errors of other kinds, as Orthanc and dcm4chee word them.
    private static string Message(JsonObject answer)
    {
        string[] names = ["Details", "OrthancError", "Message", "errorMessage", "message"];
        return names.Select(name => answer[name]).OfType<JsonValue>().Select(value => value.ToString()).FirstOrDefault(text => text.Length > 0) ?? "";
    }

    private static (StoreStatus Status, string Reason) Failure(JsonObject item)
    {
        var number = Number(item, FailureReason);
        var meaning = number switch
        {
            Duplicate => "duplicate SOP instance",
            0x0110 => "processing failure",
            0x0122 => "SOP class not supported",
            0x0124 => "not authorized",
            0xA770 => "invalid element",
            0xC122 => "transfer syntax not supported",
            >= 0xA700 and <= 0xA7FF => "out of resources",
            >= 0xA900 and <= 0xA9FF => "data set does not match SOP class",
            >= 0xC000 and <= 0xCFFF => "cannot understand",
            _ => "",
        };
        var reason = number is null ? "the server gives no reason" : string.Create(CultureInfo.InvariantCulture, $"{meaning} (0x{number:X4})").TrimStart();
        return (number == Duplicate ? StoreStatus.AlreadyThere : StoreStatus.Refused, reason);
    }

    private static (StoreStatus Status, string Reason) Success(JsonObject item) => (
        StoreStatus.Stored,
        Number(item, WarningReason) is { } number ? string.Create(CultureInfo.InvariantCulture, $"warning 0x{number:X4}") : "");

    private void Add(JsonObject item, Func<JsonObject, (StoreStatus Status, string Reason)> said)
    {
        if (First(item, ReferencedInstance)?.ToString() is { Length: > 0 } instance)
            _instances[instance] = said(item);
    }
}
