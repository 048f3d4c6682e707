using Mammo.Help;

var text = MamlWriter.Write(CmdletHelp.All);
var isNew = !File.Exists(Repository.HelpFile) || Repository.ReadText(Repository.HelpFile) != text;
if (isNew)
    File.WriteAllText(Repository.HelpFile, text);
var state = isNew ? "written" : "nothing has changed";
Console.WriteLine($"{Path.GetRelativePath(Repository.Folder, Repository.HelpFile)}: {state}, {CmdletHelp.All.Count} cmdlets.");
