// Reads the reports of RoundTrip.ps1 with dcmjs and compares them with what pydicom read of them (read_back.py). Usage: node read_back.cjs WORK, dcmjs 0.33.1.
const { deepStrictEqual } = require('assert');
const fs = require('fs');
const { data } = require(require.resolve('dcmjs', { paths: [process.env.DCMJS || '.'] }));

const work = process.argv[2];
const list = value => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const name = item => list(item.ConceptNameCodeSequence)[0]?.CodeMeaning ?? '';
const children = (item, meaning) => list(item.ContentSequence).filter(child => name(child) === meaning);

function group(item) {
  const number = list(item.ContentSequence).find(child => child.ValueType === 'NUM');
  const [outline] = children(item, 'Image Region');
  const value = list(number.MeasuredValueSequence)[0];
  const sources = outline ? list(outline.ContentSequence) : children(number, 'Source of Measurement');
  return {
    label: children(item, 'Tracking Identifier')[0].TextValue,
    percent: Number(value.FloatingPointValue ?? value.NumericValue),
    images: sources.map(source => list(source.ReferencedSOPSequence)[0].ReferencedSOPInstanceUID),
    algorithm: ['Name', 'Version'].map(part => children(number, `Algorithm ${part}`)[0].TextValue),
    parameters: children(number, 'Algorithm Parameters').map(child => child.TextValue),
    points: outline ? outline.GraphicData.map(Number) : null,
  };
}

const groups = fs.readdirSync(`${work}/results`).filter(file => file.startsWith('SR')).sort().flatMap(file => {
  const bytes = fs.readFileSync(`${work}/results/${file}`);
  const { dict } = data.DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const report = data.DicomMetaDictionary.naturalizeDataset(dict);
  return children(children(report, 'Imaging Measurements')[0], 'Measurement Group').map(group);
});
deepStrictEqual(groups, JSON.parse(fs.readFileSync(`${work}/read.json`, 'utf8')));
console.log(`ok: dcmjs reads ${groups.length} measurement groups as pydicom does`);
