using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Mammo.Scoring;

namespace Mammo.PowerShell.Common;

/// <summary>
/// How PowerShell sees Mammo's records: their own properties in their own order, numbers whose text has a decimal point in any culture, and the further
/// columns of an
/// image's list as properties like the others.
/// </summary>
/// <remarks>
/// Export-Csv writes a property's ToString, which for a double goes by the culture, and PowerShell reads 0,4859 back as 4859. A property that is shadowed in
/// the types file
/// comes before all others in a CSV; a number type of our own is written as an object by ConvertTo-Json and chosen by no overload of [Math]. A double in a
/// PSObject with a
/// ToString of its own is a double in every operation.
/// </remarks>
internal sealed class RecordAdapter : PSPropertyAdapter
{
    private static readonly ConcurrentDictionary<Type, Members> Known = new();

    /// <inheritdoc/>
    public override Collection<PSAdaptedProperty> GetProperties(object baseObject)
    {
        var properties = new Collection<PSAdaptedProperty>();
        foreach (var member in Of(baseObject).Listed)
            properties.Add(new PSAdaptedProperty(member.Name, member));
        foreach (var further in Further(baseObject))
            properties.Add(new PSAdaptedProperty(further.Key, further.Value));
        return properties;
    }

    /// <inheritdoc/>
    public override PSAdaptedProperty? GetProperty(object baseObject, string propertyName)
    {
        if (Of(baseObject).ByName.TryGetValue(propertyName, out var member))
            return new PSAdaptedProperty(member.Name, member);
        foreach (var further in Further(baseObject))
        {
            if (string.Equals(further.Key, propertyName, StringComparison.OrdinalIgnoreCase))
                return new PSAdaptedProperty(further.Key, further.Value);
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool IsGettable(PSAdaptedProperty adaptedProperty) => true;

    /// <inheritdoc/>
    public override bool IsSettable(PSAdaptedProperty adaptedProperty) => false;

    /// <inheritdoc/>
    public override object? GetPropertyValue(PSAdaptedProperty adaptedProperty) => adaptedProperty.Tag is PropertyInfo member
        ? member.GetValue(adaptedProperty.BaseObject) switch
        {
            double number => InvariantNumber.Of(number),
            float number => InvariantNumber.Of(number),
            var value => value,
        }
        : adaptedProperty.Tag;

    /// <inheritdoc/>
    public override void SetPropertyValue(PSAdaptedProperty adaptedProperty, object value) =>
        throw new SetValueException($"'{adaptedProperty.Name}' is read-only.");

    /// <inheritdoc/>
    public override string GetPropertyTypeName(PSAdaptedProperty adaptedProperty) => adaptedProperty.Tag is PropertyInfo member
        ? (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType).ToString()
        : typeof(string).FullName!;

    /// <summary>The properties that PowerShell lists of a record, in their order.</summary>
    public static IReadOnlyList<PropertyInfo> Listed(Type type) => Known.GetOrAdd(type, one => new Members(one)).Listed;

    private static Members Of(object record) => Known.GetOrAdd(record.GetType(), type => new Members(type));

    // A column with the name of a property gets a number, as a second model of one name does.
    private static IEnumerable<KeyValuePair<string, string>> Further(object record)
    {
        if (record is not MammoPrediction { Extra.IsEmpty: false } prediction)
            yield break;
        var own = Of(record).ByName;
        foreach (var (name, text) in prediction.Extra)
            yield return KeyValuePair.Create(own.ContainsKey(name) ? $"{name}_2" : name, text);
    }

    private sealed class Members
    {
        public Members(Type type)
        {
            PropertyInfo[] all = [
                .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.GetIndexParameters().Length == 0)];
            Listed = type == typeof(MammoPrediction) ? [.. all.Where(property => property.Name != nameof(MammoPrediction.Extra))] : all;
            var byName = all.ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

            // The former name, found by who asks for it and no column of its own.
            if (type == typeof(MammoPrediction))
                byName["Class"] = byName[nameof(MammoPrediction.TrueClass)];
            ByName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        }

        public PropertyInfo[] Listed { get; }

        public FrozenDictionary<string, PropertyInfo> ByName { get; }
    }
}

/// <summary>
/// Numbers that are doubles (or floats) in every operation, and whose text is invariant and gives every bit back unless a format is asked for.
/// </summary>
internal static class InvariantNumber
{
    /// <summary>Wraps a number.</summary>
    public static PSObject Of(IFormattable number)
    {
        var wrapped = new PSObject(number);
        wrapped.Methods.Add(new Text(number), preValidated: true);
        return wrapped;
    }

    // PowerShell asks a ToString of more than one overload with the format and culture of -f, of tables and of [string]::Format, and without either for
    // everything else.
    private sealed class Text : PSMethodInfo
    {
        private static readonly Collection<string> Overloads = ["string ToString()", "string ToString(string format, System.IFormatProvider formatProvider)"];

        private readonly IFormattable _number;

        public Text(IFormattable number)
        {
            _number = number;
            SetMemberName(nameof(ToString));
        }

        public override Collection<string> OverloadDefinitions => Overloads;

        public override PSMemberTypes MemberType => PSMemberTypes.CodeMethod;

        public override string TypeNameOfValue => typeof(PSMethodInfo).FullName!;

        public override PSMemberInfo Copy() => new Text(_number);

        public override object Invoke(params object[] arguments) => arguments switch
        {
            [var format, IFormatProvider provider] => _number.ToString(format?.ToString(), provider),
            [IFormatProvider provider] => _number.ToString(null, provider),
            [string format] => _number.ToString(format, CultureInfo.CurrentCulture),
            _ => _number.ToString("R", CultureInfo.InvariantCulture),
        };
    }
}
