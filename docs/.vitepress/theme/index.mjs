import theme from 'vitepress/theme';
import FrontDoor from './FrontDoor.vue';
import OpenInPlayground from './OpenInPlayground.vue';
import Playground from './Playground.vue';
import './marbles.css';
import './site.css';

export default {
  extends: theme,
  enhanceApp: ({ app }) => {
    for (const [name, component] of Object.entries({ FrontDoor, OpenInPlayground, Playground })) {
      app.component(name, component);
    }
  },
};
